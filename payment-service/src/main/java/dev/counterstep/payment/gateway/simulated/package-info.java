/**
 * A payment gateway to try everything with: it keeps a ledger of its own and fails on request.
 */
@NullMarked
package dev.counterstep.payment.gateway.simulated;

import org.jspecify.annotations.NullMarked;
