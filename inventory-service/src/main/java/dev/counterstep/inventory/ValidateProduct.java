package dev.counterstep.inventory;

import java.util.List;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.participant.Outcome;

/** Whether products are ours; their stock may change until it is reserved. Works in the listener's transaction. */
@Service
class ValidateProduct {

    private final ProductStore products;

    ValidateProduct(ProductStore products) {
        this.products = products;
    }

    /** One outcome for each of the products. */
    List<Outcome> validate(List<String> productIds) {
        var known = products.known(productIds);
        return productIds.stream()
                .map(productId -> known.contains(productId)
                        ? Outcome.succeeded()
                        : Outcome.rejected("product " + productId + " is unknown"))
                .toList();
    }
}
