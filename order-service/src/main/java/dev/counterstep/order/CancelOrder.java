package dev.counterstep.order;

import java.time.Clock;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.participant.Outcome;

/** Ends an order for a reason: its saga has undone all steps. Works in the listener's transaction. */
@Service
class CancelOrder {

    private final OrderRepository orders;
    private final OrderAnnouncements announcements;
    private final Clock clock;

    CancelOrder(OrderRepository orders, OrderAnnouncements announcements, Clock clock) {
        this.orders = orders;
        this.announcements = announcements;
        this.clock = clock;
    }

    /**
     * An order we do not know needs no undoing. One that is complete cannot be undone: no retry heals that, so the saga gets
     * stuck, which is where an operator sees it.
     */
    Outcome cancel(Command command, OrderRef ref) {
        return ref.id()
                .flatMap(orders::findById)
                .map(order -> switch (order.cancel(command.saga().sagaId(), ref.why(), clock.instant())) {
                    case MADE -> announced(order, command);
                    case ALREADY_MADE -> Outcome.succeeded();
                    case REFUSED ->
                        Outcome.retryable("order " + ref.orderId() + " is complete and cannot be cancelled");
                })
                .orElseGet(Outcome::succeeded);
    }

    private Outcome announced(Order order, Command command) {
        announcements.ended(order, command);
        return Outcome.succeeded();
    }
}
