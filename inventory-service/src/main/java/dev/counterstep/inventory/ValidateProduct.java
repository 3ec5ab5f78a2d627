package dev.counterstep.inventory;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.participant.Outcome;

/** Whether a product is ours; its stock may change until it is reserved. Works in the listener's transaction. */
@Service
class ValidateProduct {

    private final ProductRepository products;

    ValidateProduct(ProductRepository products) {
        this.products = products;
    }

    Outcome validate(String productId) {
        return products.available(productId).isPresent()
                ? Outcome.succeeded()
                : Outcome.rejected("product " + productId + " is unknown");
    }
}
