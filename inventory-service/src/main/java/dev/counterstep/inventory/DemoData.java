package dev.counterstep.inventory;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The products of the demo, put there at start unless they are there already: {@code counterstep.demo-data=true}. */
@Component
@ConditionalOnProperty("counterstep.demo-data")
class DemoData implements ApplicationRunner {

    private final ProductStore products;

    DemoData(ProductStore products) {
        this.products = products;
    }

    @Override
    @Transactional
    public void run(ApplicationArguments arguments) {
        products.insertIfAbsent("product_1", 100);
        products.insertIfAbsent("product_2", 50);
        products.insertIfAbsent("product_3", 10);
        products.insertIfAbsent("prod_123", 5);
        products.insertIfAbsent("prod_ignore", 100);
    }
}
