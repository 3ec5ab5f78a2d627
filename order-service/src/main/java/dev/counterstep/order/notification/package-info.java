/** Notifications: what customers are told when an order ends, on a topic for each priority, and what was told so far. */
@NullMarked
package dev.counterstep.order.notification;

import org.jspecify.annotations.NullMarked;
