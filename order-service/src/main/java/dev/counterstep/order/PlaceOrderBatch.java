package dev.counterstep.order;

import java.time.Clock;
import java.util.List;
import java.util.UUID;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

import dev.counterstep.storage.TimeOrderedIds;

/**
 * Accepts many orders at once, for whoever brings them in bulk: an import, a load generator. Like {@link PlaceOrder} without an
 * idempotency key, but all of them, and the events that start their sagas, are one transaction.
 */
@Service
public class PlaceOrderBatch {

    private final OrderStore orders;
    private final OrderAnnouncements announcements;
    private final TimeOrderedIds ids;
    private final Clock clock;

    PlaceOrderBatch(OrderStore orders, OrderAnnouncements announcements, TimeOrderedIds ids, Clock clock) {
        this.orders = orders;
        this.announcements = announcements;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Places the orders: all of them or, when it throws, none.
     *
     * @param requests within the limits that {@code POST /orders} enforces; what the database refuses fails the whole batch
     * @return the orders' ids, in the order of the requests; when it returns, they are committed
     */
    @Transactional
    public List<UUID> place(List<OrderRequest> requests) {
        var now = clock.instant();
        var placed = requests.stream()
                .map(request -> new Order(ids.next(), request, RequestContext.of(null, null), now))
                .toList();
        orders.insert(placed);
        announcements.placed(placed);
        return placed.stream().map(Order::id).toList();
    }
}
