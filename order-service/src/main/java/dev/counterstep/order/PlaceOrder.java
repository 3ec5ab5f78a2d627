package dev.counterstep.order;

import java.time.Clock;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

import dev.counterstep.web.ProblemException;

/** Accepts an order: the order, its idempotency key and the event that starts its saga are one transaction. */
@Service
class PlaceOrder {

    private final OrderRepository orders;
    private final IdempotencyKeys keys;
    private final OrderAnnouncements announcements;
    private final Clock clock;

    PlaceOrder(OrderRepository orders, IdempotencyKeys keys, OrderAnnouncements announcements, Clock clock) {
        this.orders = orders;
        this.keys = keys;
        this.announcements = announcements;
        this.clock = clock;
    }

    /**
     * Places the order, or finds the one that was placed with this key before; both are answered alike.
     *
     * @throws ProblemException 422 when the key was used for another order
     */
    @Transactional
    OrderView place(OrderRequest request, @Nullable String key, RequestContext context) {
        var id = OrderIds.next();
        if (key != null && !keys.claim(key, request, id)) {
            return earlier(key, request);
        }
        var order = orders.save(new Order(id, request, context, clock.instant()));
        announcements.placed(order);
        return OrderView.accepted(order);
    }

    private OrderView earlier(String key, OrderRequest request) {
        return keys.find(key, request)
                .flatMap(orders::findWithHistory)
                .map(OrderView::accepted)
                .orElseThrow(() -> ProblemException.unprocessable(
                        "idempotency-key-reused",
                        "This Idempotency-Key was used for another order: take a new key for a new order."));
    }
}
