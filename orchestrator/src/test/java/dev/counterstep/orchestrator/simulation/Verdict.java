package dev.counterstep.orchestrator.simulation;

/** Takes note of checks that do not hold. */
@FunctionalInterface
interface Verdict {

    void violated(Check check, String how);
}
