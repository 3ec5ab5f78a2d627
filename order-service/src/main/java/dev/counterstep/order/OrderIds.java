package dev.counterstep.order;

import java.util.Optional;
import java.util.UUID;

import dev.counterstep.web.ProblemException;

/** Reads ids of orders. */
final class OrderIds {

    private OrderIds() {}

    /**
     * The id in an address.
     *
     * @throws ProblemException 404 when it is no order's
     */
    static UUID known(String text) {
        return parse(text).orElseThrow(() -> unknown(text));
    }

    static ProblemException unknown(Object id) {
        return ProblemException.notFound("unknown-order", "There is no order " + id + ".");
    }

    /** The id that {@code text} spells, empty when it spells none. */
    static Optional<UUID> parse(String text) {
        try {
            var id = UUID.fromString(text);
            return id.toString().equalsIgnoreCase(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
