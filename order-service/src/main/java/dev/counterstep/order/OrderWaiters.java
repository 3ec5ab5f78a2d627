package dev.counterstep.order;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Callers who wait for an order to end ({@code Prefer: wait}); none of them holds a thread. They are woken when this process
 * commits the end, and by one query for all of them, four times a second, when another instance did.
 */
@Component
class OrderWaiters {

    private static final long LOOK_INTERVAL_MILLIS = 250;

    private final ConcurrentMap<UUID, Ending> waiting = new ConcurrentHashMap<>();
    private final OrderStore orders;
    private final Semaphore places;

    OrderWaiters(OrderStore orders, OrderProperties properties) {
        this.orders = orders;
        this.places = new Semaphore(properties.maxWaiting());
    }

    /** Becomes true when the order ends, false when {@code atMost} passes first or too many are waiting already. */
    CompletableFuture<Boolean> await(UUID orderId, Duration atMost) {
        if (!places.tryAcquire()) {
            return CompletableFuture.completedFuture(false);
        }
        var ending = waiting.compute(orderId, (id, known) -> Ending.joined(known));
        return ending.ended
                .copy()
                .completeOnTimeout(false, atMost.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((ended, failure) -> leave(orderId));
    }

    private void leave(UUID orderId) {
        places.release();
        waiting.computeIfPresent(orderId, (id, ending) -> ending.left());
    }

    @TransactionalEventListener
    void wake(OrderEnded event) {
        wake(event.orderId());
    }

    @Scheduled(fixedDelay = LOOK_INTERVAL_MILLIS)
    void wakeEnded() {
        if (!waiting.isEmpty()) {
            orders.endedAmong(List.copyOf(waiting.keySet())).forEach(this::wake);
        }
    }

    /** Whoever still waits is answered before the server stops. */
    @EventListener(ContextClosedEvent.class)
    void giveUp() {
        waiting.values().forEach(ending -> ending.ended.complete(false));
    }

    private void wake(UUID orderId) {
        var ending = waiting.get(orderId);
        if (ending != null) {
            ending.ended.complete(true);
        }
    }

    /** The end of one order, and how many wait for it; counted only within the map's atomic updates. */
    private static final class Ending {

        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private int callers;

        static Ending joined(@Nullable Ending known) {
            var ending = known == null ? new Ending() : known;
            ending.callers++;
            return ending;
        }

        @Nullable
        Ending left() {
            callers--;
            return callers == 0 ? null : this;
        }
    }
}
