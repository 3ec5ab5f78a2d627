package dev.counterstep.payment;

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

/** The payments, newest first. */
@RestController
@RequestMapping("/payments")
class PaymentController {

    private static final UUID AFTER_THE_NEWEST = new UUID(-1, -1);

    private final PaymentStore payments;

    PaymentController(PaymentStore payments) {
        this.payments = payments;
    }

    @GetMapping
    Page<PaymentView> list(
            @RequestParam @Nullable String orderId,
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor) {
        int size = Page.limit(limit);
        UUID position = Cursor.read(cursor, values -> UUID.fromString(values.get(0)));
        UUID before = Objects.requireNonNullElse(position, AFTER_THE_NEWEST);
        List<Payment> found = payments.newest(orderId, before, size + 1);
        return Page.of(
                found.stream().map(PaymentView::of).toList(),
                size,
                last -> Cursor.of(last.paymentId().toString()));
    }

    @GetMapping("/{id}")
    PaymentView get(@PathVariable UUID id) {
        return payments.find(id)
                .map(PaymentView::of)
                .orElseThrow(() -> ProblemException.notFound("unknown-payment", "There is no payment " + id + "."));
    }
}
