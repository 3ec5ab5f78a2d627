/**
 * Inventory: how much of each product is free and how much is promised to orders. {@code Product} and
 * {@code Reservation} hold what may happen to stock and to a promise; that {@code ProductStore} locks a product before either
 * changes keeps stock from going wrong under any concurrency.
 */
@NullMarked
package dev.counterstep.inventory;

import org.jspecify.annotations.NullMarked;
