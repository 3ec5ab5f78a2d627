package dev.counterstep.orchestrator.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What all parts of one run share: time, chance, faults, the engine under test, and what has been seen of it. */
final class World {

    final Plan plan;
    final Engine engine;
    final Trace trace;
    final Coverage coverage = new Coverage();
    final Agenda agenda;
    final Faults faults;
    final Ledger ledger = new Ledger();
    final Dice dice;

    private int onTheirWay;
    private final List<Violation> violations = new ArrayList<>();

    World(Plan plan, Engine engine, Trace trace) {
        this.plan = plan;
        this.engine = engine;
        this.trace = trace;
        this.agenda = new Agenda(new Dice(plan.seed(), 1 - 3 * plan.luck()));
        this.faults = new Faults(plan, coverage);
        this.dice = new Dice(plan.seed(), 2 - 3 * plan.luck());
    }

    long now() {
        return agenda.now();
    }

    Instant instant() {
        return Agenda.instant(agenda.now());
    }

    void say(String who, Supplier<String> what) {
        trace.say(agenda.now(), who, what);
    }

    /** Something is on its way that no process waits for any more; a run does not end before it has arrived. */
    void later(long delay, Runnable arrives) {
        onTheirWay++;
        agenda.in(delay, () -> {
            onTheirWay--;
            arrives.run();
        });
    }

    /** True when nothing is on its way. */
    boolean isQuiet() {
        return onTheirWay == 0;
    }

    /** A check does not hold. The run goes on: what follows may tell why. */
    void violated(Check check, String how) {
        say("CHECK", () -> check + ": " + how);
        violations.add(new Violation(check, how));
    }

    List<Violation> violations() {
        return violations;
    }
}
