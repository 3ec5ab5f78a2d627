package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import net.javacrumbs.shedlock.core.ClockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one relay active per database, to save work. Nothing depends on it: two holders send every row twice and lose none.
 *
 * <p>The holder extends the lease after a third of its length, idle or not, and so keeps it until it stops or dies; then
 * another instance takes over within the lease's length. Used by the relay's thread only.
 */
final class RelayLease {

    static final String NAME = "outbox-relay";

    private static final AtomicLong TENURES = new AtomicLong();

    private final LockProvider provider;
    private final Duration length;
    private final Duration retry;
    private @Nullable SimpleLock lock;
    private long renewedAt;
    private long triedAt;
    private long tenure;

    /**
     * @param provider by database time
     * @param length how long a dead holder bars the others
     * @param retry least time between two tries to get what another instance holds
     */
    RelayLease(LockProvider provider, Duration length, Duration retry) {
        this.provider = provider;
        this.length = length;
        this.retry = retry;
        this.triedAt = System.nanoTime() - retry.toNanos();
    }

    /** Takes or keeps the lease: to be called often, costs a statement only when one is due. False: another instance has it. */
    boolean hold() {
        if (isFresh()) {
            return true;
        }
        SimpleLock held = lock;
        if (held != null) {
            keep(held.extend(length, Duration.ZERO));
        }
        if (lock == null && since(triedAt) >= retry.toNanos()) {
            triedAt = System.nanoTime();
            keep(provider.lock(new LockConfiguration(ClockProvider.now(), NAME, length, Duration.ZERO)));
            tenure = TENURES.incrementAndGet();
        }
        return lock != null;
    }

    /** Whether it is held, and {@link #hold} would cost no statement. */
    boolean isFresh() {
        return lock != null && since(renewedAt) < length.toNanos() / 3;
    }

    /** Another one each time that the lease may have been another's meanwhile, in the whole process. */
    long tenure() {
        return tenure;
    }

    /** Lets another instance have it at once. */
    void release() {
        SimpleLock held = lock;
        lock = null;
        if (held != null) {
            held.unlock();
        }
    }

    private void keep(Optional<SimpleLock> renewed) {
        lock = renewed.orElse(null);
        renewedAt = System.nanoTime();
    }

    private static long since(long nanoTime) {
        return System.nanoTime() - nanoTime;
    }
}
