package dev.counterstep.order;

import java.time.Clock;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.participant.Outcome;

/** Ends an order well: its saga has done all steps. Works in the listener's transaction. */
@Service
class CompleteOrder {

    private final OrderRepository orders;
    private final OrderAnnouncements announcements;
    private final Clock clock;

    CompleteOrder(OrderRepository orders, OrderAnnouncements announcements, Clock clock) {
        this.orders = orders;
        this.announcements = announcements;
        this.clock = clock;
    }

    /** A cancelled order stays cancelled: rejected. */
    Outcome complete(Command command, OrderRef ref) {
        return ref.id()
                .flatMap(orders::findById)
                .map(order -> switch (order.complete(command.saga().sagaId(), clock.instant())) {
                    case MADE -> announced(order, command);
                    case ALREADY_MADE -> Outcome.succeeded();
                    case REFUSED -> Outcome.rejected("order " + ref.orderId() + " was cancelled before");
                })
                .orElseGet(() -> Outcome.rejected("order " + ref.orderId() + " is unknown"));
    }

    private Outcome announced(Order order, Command command) {
        announcements.ended(order, command);
        return Outcome.succeeded();
    }
}
