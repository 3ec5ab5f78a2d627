package dev.counterstep.orchestrator.simulation;

import java.util.EnumSet;
import java.util.Set;

/**
 * What may still befall a history of the exhaustive model: each mishap at most once, and no more than so many in all.
 *
 * @param mishaps a bit for each that may still happen
 * @param inAll how many of them
 */
record Allowances(int mishaps, int inAll) {

    /** What can go wrong, once each. */
    enum Mishap {
        /** A relay sends a message once more, at any later time. */
        DUPLICATE(1),
        /** The broker forgets a message. */
        LOSS(2),
        /** A process dies between its commit and its offsets. */
        CRASH(4),
        /** A timeout passes while command or reply are still on their way. */
        DELAY(8),
        /** Somebody replays, skips, abandons, cancels. */
        OPERATION(16),
        /** A participant says no. */
        REJECTION(32),
        /** A handler throws. */
        ERROR(64);

        private final int bit;

        Mishap(int bit) {
            this.bit = bit;
        }
    }

    static Allowances of(Set<Mishap> mishaps, int inAll) {
        return new Allowances(mishaps.stream().mapToInt(mishap -> mishap.bit).sum(), inAll);
    }

    static Allowances all(int inAll) {
        return of(EnumSet.allOf(Mishap.class), inAll);
    }

    boolean allow(Mishap mishap) {
        return inAll > 0 && (mishaps & mishap.bit) != 0;
    }

    /** After it happened; once nothing more may, it does not matter what did. */
    Allowances after(Mishap mishap) {
        int left = mishaps & ~mishap.bit;
        return inAll == 1 ? new Allowances(0, 0) : new Allowances(left, inAll - 1);
    }
}
