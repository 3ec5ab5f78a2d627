@NullMarked
package dev.counterstep.orchestrator.messaging;

import org.jspecify.annotations.NullMarked;
