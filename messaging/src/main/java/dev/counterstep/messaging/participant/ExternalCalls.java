package dev.counterstep.messaging.participant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Makes the external calls of a round, several at once and with no transaction open.
 *
 * <p>A round waits for its calls, so that a saga's next command finds the outcome of this one; but no longer than
 * {@link #LONGEST_WAIT}, so that the consumer stays in its group. What is not answered by then is interrupted and RETRYABLE,
 * and its row stays open.
 */
final class ExternalCalls implements AutoCloseable {

    /** Far below Kafka's {@code max.poll.interval.ms}, five minutes by default. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor pool;

    /** @param atOnce most calls in flight, over all listener threads */
    ExternalCalls(int atOnce) {
        AtomicInteger number = new AtomicInteger();
        pool = new ThreadPoolExecutor(
                atOnce, atOnce, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "external-call-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /** Makes the calls and waits for them. Whatever a call throws is its result. */
    List<CallResult> run(List<PendingCall> calls) {
        List<Callable<@Nullable Object>> tasks = calls.stream()
                .<Callable<@Nullable Object>>map(pending -> () -> LogContext.call(
                        pending.incoming().command(),
                        () -> pending.call().call().call()))
                .toList();
        try {
            List<Future<@Nullable Object>> futures =
                    pool.invokeAll(tasks, LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            List<CallResult> results = new ArrayList<>(calls.size());
            for (int i = 0; i < calls.size(); i++) {
                results.add(result(calls.get(i), futures.get(i)));
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while external calls were under way", e);
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    private static CallResult result(PendingCall call, Future<@Nullable Object> future) throws InterruptedException {
        try {
            return result(call, future.get(), null);
        } catch (ExecutionException e) {
            return result(call, null, e.getCause());
        } catch (CancellationException e) {
            TimeoutException timeout = new TimeoutException(
                    "the external system did not answer within " + LONGEST_WAIT.toSeconds() + " s");
            timeout.initCause(e);
            return result(call, null, timeout);
        }
    }

    private static CallResult result(PendingCall call, @Nullable Object answer, @Nullable Throwable failure) {
        return new CallResult(call.incoming(), call.row(), call.call().completion(), answer, failure);
    }
}
