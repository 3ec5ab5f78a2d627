package dev.counterstep.order.customer;

import java.util.List;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The customers of the demo, put there at start unless they are there already: {@code counterstep.demo-data=true}. */
@Component
@ConditionalOnProperty("counterstep.demo-data")
class DemoCustomers implements ApplicationRunner {

    private static final List<String> WELCOME = List.of(
            "user_123",
            "user_insufficient",
            "user_1",
            "user_2",
            "user_3",
            "user_4",
            "user_5",
            "cust_happy_path",
            "cust_large_quantity",
            "cust_dlq_test");
    private static final List<String> BLOCKED = List.of("cust_blocked");

    private final CustomerRepository customers;

    DemoCustomers(CustomerRepository customers) {
        this.customers = customers;
    }

    @Override
    @Transactional
    public void run(ApplicationArguments arguments) {
        WELCOME.forEach(id -> customers.insertIfAbsent(id, name(id), false));
        BLOCKED.forEach(id -> customers.insertIfAbsent(id, name(id), true));
    }

    /** {@code cust_happy_path} is called "Cust happy path". */
    private static String name(String id) {
        var words = id.replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
