package dev.counterstep.inventory;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.StepKey;
import dev.counterstep.messaging.participant.Writes;
import dev.counterstep.storage.TimeOrderedIds;

/** Promises stock to orders, as long as there is any. Works in the listener's transaction, with one statement for each table. */
@Service
class ReserveStock {

    private final ProductStore products;
    private final ReservationStore reservations;
    private final TimeOrderedIds ids;
    private final Clock clock;

    ReserveStock(ProductStore products, ReservationStore reservations, TimeOrderedIds ids, Clock clock) {
        this.products = products;
        this.reservations = reservations;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Serves the orders one after the other: each gets all it asks for, or nothing and is rejected. That one does not fit takes
     * nothing from those after it.
     */
    List<Outcome> reserve(List<CommandWith<StockRequest>> commands, Writes writes) {
        var stock = products.lock(commands.stream()
                .map(command -> command.body().productId())
                .distinct()
                .toList());
        var batch = new Batch(stock, clock.instant());
        var outcomes = commands.stream().map(batch::reserve).toList();
        products.update(batch.changed, writes.statements());
        reservations.insert(batch.promised, writes.statements());
        return outcomes;
    }

    /** The locked stock, and what the orders served so far have made of it. */
    private final class Batch {

        final Set<Product> changed = new LinkedHashSet<>();
        final List<Reservation> promised = new ArrayList<>();
        private final Map<String, Product> stock;
        private final Instant now;

        Batch(Map<String, Product> stock, Instant now) {
            this.stock = stock;
            this.now = now;
        }

        Outcome reserve(CommandWith<StockRequest> command) {
            var request = command.body();
            var product = stock.get(request.productId());
            if (product == null || !product.reserve(request.quantity())) {
                return Outcome.rejected(shortage(product, request));
            }
            var reservation =
                    new Reservation(ids.next(), StepKey.of(command.command().saga()), request, now);
            changed.add(product);
            promised.add(reservation);
            return Outcome.succeeded(new Reserved(reservation.id(), request.productId(), request.quantity()));
        }
    }

    private static String shortage(@Nullable Product product, StockRequest request) {
        return product == null
                ? "product " + request.productId() + " is unknown"
                : "insufficient stock: %s has %d, asked for %d"
                        .formatted(product.id(), product.available(), request.quantity());
    }

    record Reserved(UUID reservationId, String productId, int quantity) {}
}
