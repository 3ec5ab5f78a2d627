/**
 * Inventory: how much of each product is free and how much is promised to orders. {@code Reservation} holds what may happen
 * to a promise; the guarded updates of {@code ProductRepository} keep stock from going wrong under any concurrency.
 */
@NullMarked
package dev.counterstep.inventory;

import org.jspecify.annotations.NullMarked;
