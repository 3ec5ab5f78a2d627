package dev.counterstep.order;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.Writes;

/**
 * Ends orders as their sagas tell it: well when all steps are done, for a reason when all are undone. Works in the listener's
 * transaction, with one statement for each table and verb.
 */
@Service
class EndOrders {

    private final OrderStore orders;
    private final OrderAnnouncements announcements;
    private final Clock clock;

    EndOrders(OrderStore orders, OrderAnnouncements announcements, Clock clock) {
        this.orders = orders;
        this.announcements = announcements;
        this.clock = clock;
    }

    /** Completes orders. A cancelled order stays cancelled: rejected. */
    List<Outcome> complete(List<CommandWith<OrderRef>> commands, Writes writes) {
        return inOneBatch(commands, Batch::complete, writes);
    }

    /**
     * Cancels orders. One that we do not know needs no undoing. One that is complete cannot be undone: no retry heals that, so
     * its saga gets stuck, which is where an operator sees it.
     */
    List<Outcome> cancel(List<CommandWith<OrderRef>> commands, Writes writes) {
        return inOneBatch(commands, Batch::cancel, writes);
    }

    private List<Outcome> inOneBatch(
            List<CommandWith<OrderRef>> commands,
            BiFunction<Batch, CommandWith<OrderRef>, Outcome> ending,
            Writes writes) {
        var locked = orders.lock(commands.stream()
                .flatMap(command -> command.body().id().stream())
                .distinct()
                .toList());
        var batch = new Batch(locked, clock.instant());
        var outcomes =
                commands.stream().map(command -> ending.apply(batch, command)).toList();
        orders.update(batch.ended.stream().map(OrderAnnouncements.Ended::order).toList(), writes.statements());
        writes.append(announcements.ended(batch.ended));
        return outcomes;
    }

    /** The locked orders, and those of them that have ended so far. */
    private static final class Batch {

        final List<OrderAnnouncements.Ended> ended = new ArrayList<>();
        private final Map<UUID, Order> locked;
        private final Instant now;

        Batch(Map<UUID, Order> locked, Instant now) {
            this.locked = locked;
            this.now = now;
        }

        Outcome complete(CommandWith<OrderRef> command) {
            var order = order(command);
            if (order == null) {
                return Outcome.rejected("order " + command.body().orderId() + " is unknown");
            }
            return switch (order.complete(command.command().saga().sagaId(), now)) {
                case MADE -> ended(order, command);
                case ALREADY_MADE -> Outcome.succeeded();
                case REFUSED -> Outcome.rejected("order " + command.body().orderId() + " was cancelled before");
            };
        }

        Outcome cancel(CommandWith<OrderRef> command) {
            var order = order(command);
            if (order == null) {
                return Outcome.succeeded();
            }
            return switch (order.cancel(
                    command.command().saga().sagaId(), command.body().why(), now)) {
                case MADE -> ended(order, command);
                case ALREADY_MADE -> Outcome.succeeded();
                case REFUSED ->
                    Outcome.retryable("order " + command.body().orderId() + " is complete and cannot be cancelled");
            };
        }

        private @Nullable Order order(CommandWith<OrderRef> command) {
            return command.body().id().map(locked::get).orElse(null);
        }

        private Outcome ended(Order order, CommandWith<OrderRef> command) {
            ended.add(new OrderAnnouncements.Ended(order, command.command()));
            return Outcome.succeeded();
        }
    }
}
