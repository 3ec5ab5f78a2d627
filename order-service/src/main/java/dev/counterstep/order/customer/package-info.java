/** Customers: who may order. */
@NullMarked
package dev.counterstep.order.customer;

import org.jspecify.annotations.NullMarked;
