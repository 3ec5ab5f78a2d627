package dev.counterstep.inventory;

import java.util.Objects;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import dev.counterstep.web.Cursor;
import dev.counterstep.web.Page;

/** Stock over REST. */
@RestController
class InventoryController {

    private final FindStock stock;
    private final Restock restock;

    InventoryController(FindStock stock, Restock restock) {
        this.stock = stock;
        this.restock = restock;
    }

    /** Products by id, with their newest reservations; with an order's id, what that order has or had reserved. */
    @GetMapping("/inventory")
    Page<StockView> list(
            @RequestParam(required = false) @Nullable String orderId,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        if (orderId != null) {
            return new Page<>(stock.of(orderId), null);
        }
        int size = Page.limit(limit);
        var after = Objects.requireNonNullElse(Cursor.read(cursor, values -> values.get(0)), "");
        return Page.of(stock.list(after, size + 1), size, product -> Cursor.of(product.productId()));
    }

    @GetMapping("/inventory/{productId}")
    StockView one(@PathVariable String productId) {
        return stock.one(productId);
    }

    /** Sets the free stock, and creates the product when it is new. */
    @PutMapping("/inventory/{productId}")
    StockView restock(@PathVariable @Size(max = 128) String productId, @RequestBody @Valid RestockRequest request) {
        return restock.restock(productId, request.available());
    }

    /** @param available the free stock, in pieces */
    record RestockRequest(
            @NotNull @Min(0) @Max(1_000_000_000) Integer available) {}
}
