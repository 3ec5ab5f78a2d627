/**
 * The wire protocol: what a command, a reply and an event are, and the one place that reads and writes their bytes.
 */
@NullMarked
package dev.counterstep.messaging;

import org.jspecify.annotations.NullMarked;
