package dev.counterstep.orchestrator.simulation;

/** A check that does not hold, and how it does not. */
record Violation(Check check, String how) {}
