package dev.counterstep.orchestrator.simulation;

import java.time.Instant;
import java.util.PriorityQueue;

/** Virtual time and what is to happen in it. What is due at the same microsecond happens in an order that the seed decides. */
final class Agenda {

    static final long MILLI = 1_000;
    static final long SECOND = 1_000 * MILLI;

    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private record Entry(long at, int tie, long number, Runnable what) implements Comparable<Entry> {

        @Override
        public int compareTo(Entry other) {
            if (at != other.at) {
                return at < other.at ? -1 : 1;
            }
            return tie != other.tie ? Integer.compare(tie, other.tie) : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private final Dice ties;
    private long now;
    private long numbers;

    Agenda(Dice ties) {
        this.ties = ties;
    }

    /** Microseconds since the beginning. */
    long now() {
        return now;
    }

    /** A time of this agenda as the core knows times. */
    static Instant instant(long micros) {
        return BEGINNING.plusNanos(micros * 1_000);
    }

    void at(long when, Runnable what) {
        entries.add(new Entry(Math.max(when, now), ties.bits(), numbers++, what));
    }

    void in(long delay, Runnable what) {
        at(now + delay, what);
    }

    /** Lets everything happen that is due by then. */
    void runUntil(long end) {
        while (!entries.isEmpty() && entries.peek().at() <= end) {
            Entry next = entries.remove();
            now = next.at();
            next.what().run();
        }
        now = end;
    }
}
