package dev.counterstep.inventory;

import java.util.List;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

import dev.counterstep.web.ProblemException;

/** Shows stock and reservations. */
@Service
class FindStock {

    /** How many reservations are shown at most, of one product or one order. */
    private static final int RESERVATIONS_SHOWN = 20;

    private final ProductStore products;
    private final ReservationStore reservations;

    FindStock(ProductStore products, ReservationStore reservations) {
        this.products = products;
        this.reservations = reservations;
    }

    /**
     * One product with its newest reservations.
     *
     * @throws ProblemException 404 when there is no such product
     */
    @Transactional(readOnly = true)
    StockView one(String productId) {
        return products.find(productId)
                .map(product -> withNewest(List.of(product)).get(0))
                .orElseThrow(
                        () -> ProblemException.notFound("unknown-product", "There is no product " + productId + "."));
    }

    /** The products after {@code after}, by id, each with its newest reservations. */
    @Transactional(readOnly = true)
    List<StockView> list(String after, int limit) {
        return withNewest(products.page(after, limit));
    }

    /** The products an order has or had reserved, with that order's reservations only. */
    @Transactional(readOnly = true)
    List<StockView> of(String orderId) {
        var promised = reservations.ofOrder(orderId, RESERVATIONS_SHOWN);
        var ids = promised.stream().map(Reservation::productId).distinct().toList();
        return products.findAll(ids).stream()
                .map(product -> StockView.of(product, promised))
                .toList();
    }

    private List<StockView> withNewest(List<Product> page) {
        var ids = page.stream().map(Product::id).toList();
        var newest = reservations.newest(ids, RESERVATIONS_SHOWN);
        return page.stream().map(product -> StockView.of(product, newest)).toList();
    }
}
