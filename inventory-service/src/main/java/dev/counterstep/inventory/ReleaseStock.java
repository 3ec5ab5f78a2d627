package dev.counterstep.inventory;

import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.StepKey;
import dev.counterstep.messaging.participant.Writes;

/** Gives back what sagas' steps reserved. Works in the listener's transaction, with one statement for each table and verb. */
@Service
class ReleaseStock {

    private final ProductStore products;
    private final ReservationStore reservations;
    private final Clock clock;

    ReleaseStock(ProductStore products, ReservationStore reservations, Clock clock) {
        this.products = products;
        this.reservations = reservations;
        this.clock = clock;
    }

    /** Releases exactly what was reserved, whatever the commands' bodies say; succeeds when that was nothing. */
    List<Outcome> release(List<Command> commands, Writes writes) {
        var steps = commands.stream().map(command -> StepKey.of(command.saga())).toList();
        var stock = products.lockReserved(steps);
        if (!stock.isEmpty()) {
            giveBack(steps, stock, writes);
        }
        return commands.stream().map(command -> Outcome.succeeded()).toList();
    }

    private void giveBack(List<StepKey> steps, Map<String, Product> stock, Writes writes) {
        var now = clock.instant();
        var released = reservations.findAll(steps).stream()
                .filter(reservation -> reservation.release(now))
                .toList();
        var changed = new LinkedHashSet<Product>();
        for (var reservation : released) {
            var product = stock.get(reservation.productId());
            if (product == null) {
                throw new IllegalStateException(
                        "reservation %s was made while it was released".formatted(reservation.id()));
            }
            product.release(reservation.quantity());
            changed.add(product);
        }
        reservations.release(released, writes.statements());
        products.update(changed, writes.statements());
    }
}
