@NullMarked
package dev.counterstep.orchestrator.persistence;

import org.jspecify.annotations.NullMarked;
