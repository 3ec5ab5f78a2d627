/**
 * Orders: accepted over REST, then completed or cancelled by the saga each of them starts. {@code Order} holds what may
 * happen to one, {@code OrderStore} alone writes it, many at a time, and {@code ShownOrder} is one as it is shown. Every use
 * case has its class; {@code OrderAnnouncements} is all that leaves over Kafka.
 */
@NullMarked
package dev.counterstep.order;

import org.jspecify.annotations.NullMarked;
