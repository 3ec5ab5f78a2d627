package dev.counterstep.order.customer;

import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import dev.counterstep.web.Cursor;
import dev.counterstep.web.Page;

/** Shows customers over REST. */
@RestController
class CustomerController {

    private final CustomerRepository customers;

    CustomerController(CustomerRepository customers) {
        this.customers = customers;
    }

    /** Customers, by id. */
    @GetMapping("/customers")
    Page<CustomerView> list(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int size = Page.limit(limit);
        var after = Objects.requireNonNullElse(Cursor.read(cursor, values -> values.get(0)), "");
        var found = customers.findByIdGreaterThanOrderById(after, Limit.of(size + 1)).stream()
                .map(CustomerView::of)
                .toList();
        return Page.of(found, size, customer -> Cursor.of(customer.customerId()));
    }

    record CustomerView(String customerId, String name, boolean blocked) {

        static CustomerView of(Customer customer) {
            return new CustomerView(customer.id(), customer.name(), customer.isBlocked());
        }
    }
}
