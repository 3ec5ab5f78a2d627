/**
 * The delivery participant: schedules and cancels a saga's delivery with a {@link dev.counterstep.delivery.carrier.Carrier}, follows
 * it on its way, and shows the deliveries over REST.
 */
@NullMarked
package dev.counterstep.delivery;

import org.jspecify.annotations.NullMarked;
