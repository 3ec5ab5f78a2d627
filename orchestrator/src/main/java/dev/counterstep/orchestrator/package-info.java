/** The orchestrator's process: its entry point and its settings. Start reading in {@code saga}. */
@NullMarked
package dev.counterstep.orchestrator;

import org.jspecify.annotations.NullMarked;
