/**
 * A carrier to try everything with: it keeps a ledger of its own and refuses on request.
 */
@NullMarked
package dev.counterstep.delivery.carrier.simulated;

import org.jspecify.annotations.NullMarked;
