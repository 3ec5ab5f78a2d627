/**
 * The engine in one thread and virtual time: the real core and the real barrier, with models of all that surrounds them and of all
 * that can befall it. A seed makes a run, byte for byte. What is simulated and what it has found: {@code docs/reliability.md}.
 */
@NullMarked
package dev.counterstep.orchestrator.simulation;

import org.jspecify.annotations.NullMarked;
