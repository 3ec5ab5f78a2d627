package dev.counterstep.order;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

import dev.counterstep.web.ProblemException;

/** Shows orders. */
@Service
class FindOrders {

    private final OrderRepository orders;

    FindOrders(OrderRepository orders) {
        this.orders = orders;
    }

    /**
     * One order with its history.
     *
     * @throws ProblemException 404 when there is none with this id
     */
    @Transactional(readOnly = true)
    OrderView one(UUID orderId) {
        return orders.findWithHistory(orderId)
                .map(shown -> OrderView.withHistory(shown.order(), shown.history()))
                .orElseThrow(() -> OrderIds.unknown(orderId));
    }

    /** The newest orders older than {@code before}. */
    @Transactional(readOnly = true)
    List<OrderView> list(@Nullable String customerId, @Nullable OrderStatus status, @Nullable UUID before, int limit) {
        Specification<ShownOrder> wanted = Specification.unrestricted();
        if (customerId != null) {
            wanted = wanted.and(
                    (order, query, is) -> is.equal(order.get("request").get("customerId"), customerId));
        }
        if (status != null) {
            wanted =
                    wanted.and((order, query, is) -> is.equal(order.get("state").get("status"), status));
        }
        if (before != null) {
            wanted = wanted.and((order, query, is) -> is.lessThan(order.get("id"), before));
        }
        return orders.findBy(wanted, query -> query.sortBy(Sort.by("id").descending()).limit(limit).stream())
                .map(shown -> OrderView.of(shown.order()))
                .toList();
    }
}
