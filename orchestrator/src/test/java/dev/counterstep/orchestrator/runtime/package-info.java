@NullMarked
package dev.counterstep.orchestrator.runtime;

import org.jspecify.annotations.NullMarked;
