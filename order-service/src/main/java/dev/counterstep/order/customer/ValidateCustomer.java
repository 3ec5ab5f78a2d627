package dev.counterstep.order.customer;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.participant.Outcome;

/** Whether a customer may order: known and not blocked. Works in the listener's transaction. */
@Service
public class ValidateCustomer {

    private final CustomerRepository customers;

    ValidateCustomer(CustomerRepository customers) {
        this.customers = customers;
    }

    /** Succeeds for a customer who may order, and rejects with the reason otherwise. */
    public Outcome validate(String customerId) {
        return customers
                .findById(customerId)
                .map(customer -> customer.isBlocked()
                        ? Outcome.rejected("customer " + customerId + " is blocked")
                        : Outcome.succeeded())
                .orElseGet(() -> Outcome.rejected("customer " + customerId + " is unknown"));
    }
}
