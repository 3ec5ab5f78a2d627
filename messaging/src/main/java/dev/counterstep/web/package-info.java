/**
 * What the HTTP side of every process shares: who may call, how errors look, how lists are paged, how large a request may be.
 * Auto-configured in servlet web applications; a module adds {@link dev.counterstep.web.AccessRules} of its own.
 */
@NullMarked
package dev.counterstep.web;

import org.jspecify.annotations.NullMarked;
