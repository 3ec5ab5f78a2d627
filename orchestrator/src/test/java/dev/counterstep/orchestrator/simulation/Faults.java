package dev.counterstep.orchestrator.simulation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.counterstep.orchestrator.simulation.Plan.Strike;

/**
 * Decides when a fault strikes. Each fault has a stream of its own, so that a plan can leave strikes out of an otherwise equal run.
 * It is found by the fault's name: a fault that is added, or moved, leaves the streams of all others as they are.
 */
@SuppressWarnings("EnumOrdinal") // arrays, for it is asked all the time
final class Faults {

    /** Quiet runs reach far, wild ones mix everything. */
    private static final List<Double> INTENSITIES = List.of(0.3, 1.0, 1.0, 2.0, 4.0);

    private static final double MOST_PROBABLE = 0.5;
    private static final Fault[] FAULTS = Fault.values();

    private final Plan plan;
    private final Coverage coverage;
    private final Dice[] streams = new Dice[FAULTS.length];
    private final Dice[] sizes = new Dice[FAULTS.length];
    private final int[] strikes = new int[FAULTS.length];
    private final Set<Strike> struck = new LinkedHashSet<>();
    private final double intensity;
    private boolean healed;

    Faults(Plan plan, Coverage coverage) {
        this.plan = plan;
        this.coverage = coverage;
        this.intensity = new Dice(plan.seed(), -1).pick(INTENSITIES);
        for (int i = 0; i < FAULTS.length; i++) {
            streams[i] = new Dice(plan.seed(), ("strikes of " + FAULTS[i].name()).hashCode());
            sizes[i] = new Dice(plan.seed(), ("sizes of " + FAULTS[i].name()).hashCode());
        }
    }

    /** Whether a fault strikes at this opportunity. */
    boolean strike(Fault fault) {
        if (healed) {
            return false;
        }
        if (!streams[fault.ordinal()].chance(Math.min(MOST_PROBABLE, fault.probability * intensity))) {
            return false;
        }
        Strike strike = new Strike(fault, strikes[fault.ordinal()]++);
        if (plan.without().contains(strike)) {
            return false;
        }
        struck.add(strike);
        if (!Fault.COUNTED_BY_EFFECT.contains(fault)) {
            seen(fault);
        }
        return true;
    }

    /** A fault came about that nobody drew, or that may be drawn in vain. What mends the world at the end is none. */
    void seen(Fault fault) {
        if (!healed) {
            coverage.count(fault);
        }
    }

    /** How long or how much, for a fault that has struck. */
    long between(Fault fault, long least, long most) {
        return sizes[fault.ordinal()].between(least, most);
    }

    /** No fault strikes from now on. */
    void heal() {
        healed = true;
    }

    boolean isHealed() {
        return healed;
    }

    /** What struck, in its order. */
    Set<Strike> struck() {
        return struck;
    }
}
