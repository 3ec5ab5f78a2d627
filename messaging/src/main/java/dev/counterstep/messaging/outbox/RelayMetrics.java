package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;

/**
 * What the relay tells about itself. The backlog is known to the lease's holder only; on the others it is NaN.
 *
 * <p>Written by the relay's thread, read by any.
 */
final class RelayMetrics {

    /** Least time between two counts of a backlog that is not empty. */
    static final Duration COUNT_EVERY = Duration.ofSeconds(5);

    /** Counting may take one part in this of the time. */
    private static final int COUNT_SHARE = 20;

    private final MeterRegistry registry;
    private final Counter published;
    private volatile boolean holding;
    private volatile OutboxStore.Backlog backlog = OutboxStore.Backlog.NONE;
    private long countDue = System.nanoTime();

    RelayMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.published = Counter.builder("saga.outbox.published")
                .description("Messages acknowledged by the broker")
                .baseUnit("messages")
                .register(registry);
        Gauge.builder("saga.outbox.lease", this, metrics -> metrics.holding ? 1 : 0)
                .description("1 where the relay is active, 0 where another instance's is")
                .register(registry);
        Gauge.builder("saga.outbox.backlog", this, metrics -> metrics.ifHolding((double) metrics.backlog.rows()))
                .description("Messages that wait to be published, counted up to " + OutboxStore.MOST_COUNTED)
                .baseUnit("messages")
                .register(registry);
        TimeGauge.builder("saga.outbox.age", this, TimeUnit.MILLISECONDS, RelayMetrics::oldestMillis)
                .description("Age of the oldest message that waits to be published")
                .register(registry);
    }

    void published(int messages) {
        published.increment(messages);
    }

    /** Failed sends, each of which is tried again. */
    void failed(String topic, int messages) {
        Counter.builder("saga.outbox.failures")
                .description("Sends that failed, each of which is tried again")
                .baseUnit("messages")
                .tag("topic", topic)
                .register(registry)
                .increment(messages);
    }

    void holding(boolean now) {
        holding = now;
    }

    void nothingWaits() {
        backlog = OutboxStore.Backlog.NONE;
    }

    void somethingWaits(Supplier<OutboxStore.Backlog> count) {
        long started = System.nanoTime();
        if (started - countDue >= 0) {
            backlog = count.get();
            long now = System.nanoTime();
            countDue = now + Math.max(COUNT_EVERY.toNanos(), (now - started) * COUNT_SHARE);
        }
    }

    private double ifHolding(double value) {
        return holding ? value : Double.NaN;
    }

    private double oldestMillis() {
        return ifHolding((double) backlog.oldest().toMillis());
    }
}
