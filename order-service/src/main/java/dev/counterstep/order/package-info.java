/**
 * Orders: accepted over REST, then completed or cancelled by the saga each of them starts. {@code Order} holds what may
 * happen to one; every use case has its class; {@code OrderAnnouncements} is all that leaves over Kafka.
 */
@NullMarked
package dev.counterstep.order;

import org.jspecify.annotations.NullMarked;
