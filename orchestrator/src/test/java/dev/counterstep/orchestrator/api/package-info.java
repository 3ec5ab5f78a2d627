@NullMarked
package dev.counterstep.orchestrator.api;

import org.jspecify.annotations.NullMarked;
