package dev.counterstep.orchestrator.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A process: it can die, start again, and stand still without noticing. What it holds in memory dies with it. */
final class Node {

    private static final long SHORTEST_DOWN = 100 * Agenda.MILLI;
    private static final long LONGEST_DOWN = 6 * Agenda.SECOND;
    private static final long WORST_CLOCK = 3 * Agenda.SECOND;

    final String name;

    private final World world;
    private final long clockOffset;
    private final List<Runnable> starts = new ArrayList<>();
    private final List<ModelTransaction> open = new ArrayList<>();
    private final List<Runnable> onDeath = new ArrayList<>();
    private int life = 1;
    private boolean up = true;
    private long pausedUntil;

    Node(World world, String name) {
        this.world = world;
        this.name = name;
        this.clockOffset = world.faults.strike(Fault.CLOCK_OFFSET)
                ? world.faults.between(Fault.CLOCK_OFFSET, -WORST_CLOCK, WORST_CLOCK)
                : 0;
    }

    /** What begins whenever the process starts. */
    void onStart(Runnable start) {
        starts.add(start);
    }

    /** What others notice when the process dies. */
    void onDeath(Runnable noticed) {
        onDeath.add(noticed);
    }

    void start() {
        up = true;
        starts.forEach(Runnable::run);
    }

    boolean isUp() {
        return up;
    }

    boolean isPaused() {
        return world.now() < pausedUntil;
    }

    /** The time this process believes it is. */
    Instant clock() {
        return Agenda.instant(world.now() + clockOffset);
    }

    /** Does something later, unless the process dies before. */
    void in(long delay, Runnable step) {
        world.agenda.in(delay, inThisLife(step));
    }

    /** The same, whenever somebody runs it; without effect once the process has died. */
    Runnable inThisLife(Runnable step) {
        int mine = life;
        return () -> goOn(mine, step);
    }

    private void goOn(int mine, Runnable step) {
        if (life != mine) {
            return;
        }
        if (isPaused()) {
            world.agenda.at(pausedUntil, () -> goOn(mine, step));
        } else {
            step.run();
        }
    }

    /** A point at which the process may die. Whoever asks stops at once when the answer is true. */
    boolean diesAt(Fault crash) {
        if (!world.faults.strike(crash)) {
            return false;
        }
        die(crash.name(), world.faults.between(crash, SHORTEST_DOWN, LONGEST_DOWN));
        return true;
    }

    void die(String why, long downFor) {
        world.say(name, () -> "dies: " + why);
        life++;
        up = false;
        pausedUntil = 0;
        List.copyOf(open).forEach(ModelTransaction::rollBack);
        onDeath.forEach(Runnable::run);
        int mine = life;
        world.agenda.in(downFor, () -> {
            if (life == mine) {
                world.say(name, () -> "starts");
                start();
            }
        });
    }

    void pause(long length) {
        world.say(name, () -> "stands still for " + length / Agenda.MILLI + " ms");
        pausedUntil = Math.max(pausedUntil, world.now() + length);
    }

    /** It stands still no more; if it was down it starts at once. */
    void heal() {
        pausedUntil = 0;
        if (!up) {
            life++;
            start();
        }
    }

    void opened(ModelTransaction transaction) {
        open.add(transaction);
    }

    void closed(ModelTransaction transaction) {
        open.remove(transaction);
    }

    @Override
    public String toString() {
        return name;
    }
}
