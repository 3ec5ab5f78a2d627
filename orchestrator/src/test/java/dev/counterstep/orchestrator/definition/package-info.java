@NullMarked
package dev.counterstep.orchestrator.definition;

import org.jspecify.annotations.NullMarked;
