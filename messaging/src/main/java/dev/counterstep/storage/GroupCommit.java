package dev.counterstep.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Lets concurrent callers share a transaction, and so its statements and its flush to disk. A caller that finds nobody at work
 * commits at once, so a single caller waits for nobody. Those that come meanwhile wait, and then one of them commits for all.
 * While groups are larger than one, whoever commits waits until as many are there as are expected, or nobody has come for 2 ms, and
 * 20 ms at most. Expected are as many as last time, or half of what was expected then if that is more: a straggler behind a crowd does
 * not make one forget the crowd. There is no thread of its own.
 *
 * <p>When the database refuses a group for what is in it, each item is committed alone, so that only the one to blame fails. Any
 * other failure is everybody's. Safe for use by several threads; callers must have no transaction open, since they would wait
 * for others while they hold it.
 *
 * @param <T> what is committed
 * @param <R> what becomes of it
 */
public final class GroupCommit<T, R> {

    private static final long ARRIVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Function<List<T>, List<R>> commit;
    private final int most;
    private final Deque<Member<T, R>> waiting = new ArrayDeque<>();
    private boolean busy;
    private int expected = 1;

    /**
     * Shares a transaction.
     *
     * @param commit commits the items in one transaction, and returns one result for each, in their order
     * @param most how many items one transaction takes at most
     */
    public GroupCommit(Function<List<T>, List<R>> commit, int most) {
        this.commit = commit;
        this.most = most;
    }

    /**
     * Commits an item, perhaps with others.
     *
     * @return its result; when this returns, it is committed
     * @throws RuntimeException what the commit threw, an error likewise; those who shared the transaction get the same
     */
    public R submit(T item) {
        Member<T, R> own = new Member<>(item);
        if (!enter(own)) {
            own.await();
        }
        if (!own.result.isDone()) {
            lead();
        }
        return own.result();
    }

    /** How many items wait for their transaction to begin. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** Queues up. True when nobody is at work: then the caller is to lead. */
    private synchronized boolean enter(Member<T, R> member) {
        waiting.add(member);
        if (waiting.size() == expected) {
            notifyAll(); // whoever gathers waits for that many
        }
        boolean leads = !busy;
        busy = true;
        return leads;
    }

    /** Commits for the first in the queue, of whom the caller is one, and leaves the lead to the next. */
    private void lead() {
        try {
            commit(first());
        } finally {
            Member<T, R> next = next();
            if (next != null) {
                next.wake();
            }
        }
    }

    private synchronized List<Member<T, R>> first() {
        gather();
        List<Member<T, R>> members = new ArrayList<>();
        while (members.size() < most && !waiting.isEmpty()) {
            members.add(waiting.remove());
        }
        expected = Math.max(members.size(), expected / 2);
        return members;
    }

    private synchronized void gather() {
        long started = System.nanoTime();
        int before = 0;
        try {
            while (waiting.size() < expected && waiting.size() > before && System.nanoTime() - started < GATHER_NANOS) {
                before = waiting.size();
                TimeUnit.NANOSECONDS.timedWait(this, ARRIVAL_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // of no consequence here: the commit goes on
        }
    }

    private synchronized @Nullable Member<T, R> next() {
        busy = !waiting.isEmpty();
        return waiting.peek();
    }

    private void commit(List<Member<T, R>> members) {
        try {
            List<R> results =
                    commit.apply(members.stream().map(member -> member.item).toList());
            if (results.size() != members.size()) {
                throw new IllegalStateException(
                        "a commit of %d items gave %d results".formatted(members.size(), results.size()));
            }
            for (int i = 0; i < members.size(); i++) {
                members.get(i).end(results.get(i));
            }
        } catch (DataIntegrityViolationException refused) {
            if (members.size() == 1) {
                members.get(0).fail(refused);
            } else {
                members.forEach(member -> commit(List.of(member)));
            }
        } catch (RuntimeException | Error failure) {
            members.forEach(member -> member.fail(failure));
        }
    }

    /** An item and who waits for it: woken when the item is committed, or to lead. */
    private static final class Member<T, R> {

        final T item;
        final CompletableFuture<R> result = new CompletableFuture<>();
        private final CompletableFuture<Void> woken = new CompletableFuture<>();

        Member(T item) {
            this.item = item;
        }

        void await() {
            woken.join();
        }

        void wake() {
            woken.complete(null);
        }

        void end(R committed) {
            result.complete(committed);
            wake();
        }

        void fail(Throwable failure) {
            result.completeExceptionally(failure);
            wake();
        }

        R result() {
            try {
                return result.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw e;
            }
        }
    }
}
