package dev.counterstep.inventory;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Sets a product's free stock; a product that is not there is created. What is reserved stays reserved. */
@Service
class Restock {

    private final ProductStore products;
    private final FindStock stock;

    Restock(ProductStore products, FindStock stock) {
        this.products = products;
        this.stock = stock;
    }

    @Transactional
    StockView restock(String productId, int available) {
        products.restock(productId, available);
        return stock.one(productId);
    }
}
