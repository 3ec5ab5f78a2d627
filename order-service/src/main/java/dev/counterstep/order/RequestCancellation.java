package dev.counterstep.order;

import java.time.Clock;
import java.util.List;
import java.util.UUID;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

import dev.counterstep.web.ProblemException;

/** Asks an order's saga to cancel it. The saga may refuse: after its pivot there is no way back. */
@Service
class RequestCancellation {

    private final OrderStore orders;
    private final OrderAnnouncements announcements;
    private final Clock clock;

    RequestCancellation(OrderStore orders, OrderAnnouncements announcements, Clock clock) {
        this.orders = orders;
        this.announcements = announcements;
        this.clock = clock;
    }

    /**
     * Asks. Who asks again may do so because nothing came of it, and so it is announced again.
     *
     * @throws ProblemException 404 when there is no such order, 409 when it has ended
     */
    @Transactional
    OrderView request(UUID orderId, RequestContext context) {
        var order = orders.lock(orderId).orElseThrow(() -> OrderIds.unknown(orderId));
        switch (order.requestCancellation(clock.instant())) {
            case MADE -> {
                orders.update(List.of(order));
                announcements.cancellationRequested(order, context.traceparent());
            }
            case ALREADY_MADE -> announcements.cancellationRequested(order, context.traceparent());
            case REFUSED ->
                throw ProblemException.conflict(
                        "order-ended", "Order " + orderId + " is " + order.status() + " and cannot be cancelled.");
        }
        return OrderView.of(order);
    }
}
