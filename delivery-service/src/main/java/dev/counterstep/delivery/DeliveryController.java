package dev.counterstep.delivery;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import dev.counterstep.web.Cursor;
import dev.counterstep.web.Page;
import dev.counterstep.web.ProblemException;

/** The deliveries, newest first. */
@RestController
@RequestMapping("/deliveries")
class DeliveryController {

    private static final UUID AFTER_THE_NEWEST = new UUID(-1, -1);

    private final DeliveryStore deliveries;

    DeliveryController(DeliveryStore deliveries) {
        this.deliveries = deliveries;
    }

    @GetMapping
    Page<DeliveryView> list(
            @RequestParam @Nullable String orderId,
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor) {
        int size = Page.limit(limit);
        UUID position = Cursor.read(cursor, values -> UUID.fromString(values.get(0)));
        UUID before = Objects.requireNonNullElse(position, AFTER_THE_NEWEST);
        List<Delivery> found = deliveries.newest(orderId, before, size + 1);
        return Page.of(
                found.stream().map(DeliveryView::of).toList(),
                size,
                last -> Cursor.of(last.deliveryId().toString()));
    }

    @GetMapping("/{id}")
    DeliveryView get(@PathVariable UUID id) {
        return deliveries
                .find(id)
                .map(DeliveryView::of)
                .orElseThrow(() -> ProblemException.notFound("unknown-delivery", "There is no delivery " + id + "."));
    }
}
