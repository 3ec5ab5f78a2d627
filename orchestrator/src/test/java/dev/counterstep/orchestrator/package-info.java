@NullMarked
package dev.counterstep.orchestrator;

import org.jspecify.annotations.NullMarked;
