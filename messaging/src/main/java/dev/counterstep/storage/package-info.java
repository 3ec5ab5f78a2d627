/**
 * What the stores of all processes share: columns for set-based statements, ids, where reads of an index begin, and
 * transactions of several callers.
 */
@NullMarked
package dev.counterstep.storage;

import org.jspecify.annotations.NullMarked;
