package dev.counterstep.orchestrator.simulation;

import org.jspecify.annotations.Nullable;

/** What is told of a failing run: which check, the command that replays it, and what is left of it when it is made small. */
final class FailureReport {

    private FailureReport() {}

    /** {@code bug}: the one that was planted; null when none was. */
    static String of(Simulation.Result failed, Simulation.Result shrunk, @Nullable PlantedBug bug) {
        Violation violation = failed.violations().get(0);
        return """
                seed %d violates %s (%s: %s): %s
                replay it: %s
                shrunk from %d strikes of faults to %s:
                %s%s""".formatted(
                        failed.plan().seed(),
                        violation.check(),
                        violation.check().guarantee,
                        violation.check().description,
                        violation.how(),
                        Settings.replay(failed.plan().seed(), bug),
                        failed.struck().size(),
                        shrunk.struck(),
                        shrunk.trace(),
                        shrunk.violations());
    }
}
