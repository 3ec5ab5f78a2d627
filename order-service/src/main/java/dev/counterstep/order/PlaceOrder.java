package dev.counterstep.order;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.storage.GroupCommit;
import dev.counterstep.storage.TimeOrderedIds;
import dev.counterstep.web.ProblemException;

/**
 * Accepts orders: an order, its idempotency key and the event that starts its saga are one transaction. Orders that come while
 * another one is being committed share the next transaction, and its statements: many cost little more than one.
 */
@Service
class PlaceOrder {

    /** The most orders of one transaction. */
    private static final int MOST_TOGETHER = 200;

    private final OrderStore orders;
    private final IdempotencyKeys keys;
    private final OrderAnnouncements announcements;
    private final TimeOrderedIds ids;
    private final Clock clock;
    private final GroupCommit<Placement, Optional<OrderView>> group;

    PlaceOrder(
            OrderStore orders,
            IdempotencyKeys keys,
            OrderAnnouncements announcements,
            PlatformTransactionManager transactions,
            TimeOrderedIds ids,
            Clock clock) {
        this.orders = orders;
        this.keys = keys;
        this.announcements = announcements;
        this.ids = ids;
        this.clock = clock;
        var transaction = new TransactionTemplate(transactions);
        this.group = new GroupCommit<>(
                placements -> Objects.requireNonNull(transaction.execute(status -> place(placements))), MOST_TOGETHER);
    }

    /** Something to be placed, with its key where the caller sent one. */
    private record Placement(Order order, IdempotencyKeys.@Nullable Claim claim) {}

    /**
     * Places the order, or finds the one that was placed with this key before; both are answered alike. The caller must have no
     * transaction open.
     *
     * @throws ProblemException 422 when the key was used for another order
     */
    OrderView place(OrderRequest request, @Nullable String key, RequestContext context) {
        var order = new Order(ids.next(), request, context, clock.instant());
        return group.submit(new Placement(order, key == null ? null : keys.claimOf(key, order)))
                .orElseThrow(() -> ProblemException.unprocessable(
                        "idempotency-key-reused",
                        "This Idempotency-Key was used for another order: take a new key for a new order."));
    }

    /** What each is answered; empty when its key was used for another order. */
    private List<Optional<OrderView>> place(List<Placement> placements) {
        var claims = placements.stream()
                .map(Placement::claim)
                .filter(Objects::nonNull)
                .toList();
        var claimed = keys.claim(claims);
        var refused = claims.stream()
                .filter(claim -> !claimed.contains(claim.orderId()))
                .toList();
        var placed = placements.stream()
                .filter(placement -> !refused.contains(placement.claim()))
                .map(Placement::order)
                .toList();
        orders.insert(placed);
        announcements.placed(placed);
        var answers = earlier(refused);
        placed.forEach(order -> answers.put(order.id(), order));
        return placements.stream()
                .map(placement ->
                        Optional.ofNullable(answers.get(placement.order().id())).map(OrderView::accepted))
                .toList();
    }

    /** The orders that were placed with these keys for the same request, each under the id of the one that was not. */
    private Map<UUID, Order> earlier(List<IdempotencyKeys.Claim> refused) {
        var ids = keys.earlier(refused);
        var found = orders.find(ids.values());
        var earlier = new HashMap<UUID, Order>();
        ids.forEach((own, other) -> earlier.put(own, Objects.requireNonNull(found.get(other))));
        return earlier;
    }
}
