package dev.counterstep.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OrderTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final UUID SAGA = UUID.randomUUID();

    private final Order order = new Order(
            UUID.randomUUID(),
            new OrderRequest("user_1", "product_1", 2, new BigDecimal("19.90"), "EUR", "order-fulfilment", null, null),
            new RequestContext(null, TraceParent.from(null)),
            NOON);

    @Test
    void newOrderIsPendingAndNamesItselfAsCorrelation() {
        assertThat(order.status()).isEqualTo(OrderStatus.PENDING);
        assertThat(order.endedAt()).isNull();
        assertThat(order.correlationId()).isEqualTo(order.id().toString());
        assertThat(order.news()).extracting(OrderHistoryEntry::status).containsExactly(OrderStatus.PENDING);
    }

    @Test
    void pendingOrderCompletesOnce() {
        assertThat(order.complete(SAGA, NOON.plusSeconds(1))).isEqualTo(Transition.MADE);
        assertThat(order.complete(SAGA, NOON.plusSeconds(2))).isEqualTo(Transition.ALREADY_MADE);

        assertThat(order.status()).isEqualTo(OrderStatus.COMPLETED);
        assertThat(order.sagaId()).isEqualTo(SAGA);
        assertThat(order.endedAt()).isEqualTo(NOON.plusSeconds(1));
        assertThat(order.news())
                .extracting(OrderHistoryEntry::status)
                .containsExactly(OrderStatus.PENDING, OrderStatus.COMPLETED);
    }

    @Test
    void pendingOrderIsCancelledOnceForTheFirstReason() {
        assertThat(order.cancel(SAGA, "payment declined", NOON)).isEqualTo(Transition.MADE);
        assertThat(order.cancel(SAGA, "something else", NOON)).isEqualTo(Transition.ALREADY_MADE);

        assertThat(order.status()).isEqualTo(OrderStatus.CANCELLED);
        assertThat(order.reason()).isEqualTo("payment declined");
        assertThat(order.news()).last().extracting(OrderHistoryEntry::detail).isEqualTo("payment declined");
    }

    @Test
    void completedOrderCannotBeCancelled() {
        order.complete(SAGA, NOON);

        assertThat(order.cancel(SAGA, "too late", NOON)).isEqualTo(Transition.REFUSED);
        assertThat(order.requestCancellation(NOON)).isEqualTo(Transition.REFUSED);
        assertThat(order.status()).isEqualTo(OrderStatus.COMPLETED);
        assertThat(order.reason()).isNull();
    }

    @Test
    void cancelledOrderCannotBeCompleted() {
        order.cancel(SAGA, "payment declined", NOON);

        assertThat(order.complete(SAGA, NOON)).isEqualTo(Transition.REFUSED);
        assertThat(order.requestCancellation(NOON)).isEqualTo(Transition.REFUSED);
        assertThat(order.status()).isEqualTo(OrderStatus.CANCELLED);
    }

    @Test
    void cancellationIsRequestedOnceAndLeavesTheOrderPending() {
        assertThat(order.requestCancellation(NOON)).isEqualTo(Transition.MADE);
        assertThat(order.requestCancellation(NOON)).isEqualTo(Transition.ALREADY_MADE);

        assertThat(order.status()).isEqualTo(OrderStatus.PENDING);
        assertThat(order.news()).hasSize(2);
    }

    @Test
    void cancellationRequestedBeforeItWasStoredIsNotRequestedAgain() {
        order.requestCancellation(NOON.plusSeconds(1));
        var stored = stored(order);

        assertThat(stored.requestCancellation(NOON.plusSeconds(2))).isEqualTo(Transition.ALREADY_MADE);

        assertThat(stored.news()).isEmpty();
    }

    @Test
    void storedOrderKnowsItsNewsOnly() {
        order.requestCancellation(NOON.plusSeconds(1));
        var stored = stored(order);

        stored.cancel(SAGA, "cancelled by the customer", NOON.plusSeconds(2));

        assertThat(stored.news())
                .containsExactly(new OrderHistoryEntry(
                        2, NOON.plusSeconds(2), OrderStatus.CANCELLED, "cancelled by the customer"));
        assertThat(stored.state().version()).isEqualTo(2);
    }

    @Test
    void orderEndedByAClockThatIsBehindDoesNotEndBeforeItBegan() {
        order.complete(SAGA, NOON.minusSeconds(5));

        assertThat(order.endedAt()).isEqualTo(NOON);
        assertThat(order.updatedAt()).isEqualTo(NOON);
    }

    @Test
    void reasonLongerThanItsColumnIsCut() {
        order.cancel(SAGA, "x".repeat(5000), NOON);

        assertThat(order.reason()).hasSize(4096);
    }

    private static Order stored(Order order) {
        var context = new RequestContext(order.correlationId(), order.traceparent());
        return new Order(order.id(), order.request(), context, order.createdAt(), order.state());
    }
}
