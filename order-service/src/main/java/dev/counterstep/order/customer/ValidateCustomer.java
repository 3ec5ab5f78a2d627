package dev.counterstep.order.customer;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.participant.Outcome;

/** Whether customers may order: known and not blocked. Works in the listener's transaction. */
@Service
public class ValidateCustomer {

    private final CustomerRepository customers;

    ValidateCustomer(CustomerRepository customers) {
        this.customers = customers;
    }

    /** One outcome for each customer: succeeds for one who may order, and rejects with the reason otherwise. */
    public List<Outcome> validate(List<String> customerIds) {
        var known = customers.findAll(customerIds.stream().distinct().toArray(String[]::new)).stream()
                .collect(Collectors.toMap(Customer::id, Function.identity()));
        return customerIds.stream()
                .map(customerId -> validate(customerId, known))
                .toList();
    }

    private static Outcome validate(String customerId, Map<String, Customer> known) {
        var customer = known.get(customerId);
        if (customer == null) {
            return Outcome.rejected("customer " + customerId + " is unknown");
        }
        return customer.isBlocked() ? Outcome.rejected("customer " + customerId + " is blocked") : Outcome.succeeded();
    }
}
