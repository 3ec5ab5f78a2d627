package dev.counterstep.payment.gateway;

import java.util.Optional;

/**
 * What the service needs of whoever moves the money. Every operation may be repeated: its key decides, not the number of calls.
 *
 * <p>The calls leave the process, so they must not run inside a database transaction, and each bounds its own time. An answer is
 * definitive; an exception means that nobody knows, and that asking again is safe.
 */
public interface PaymentGateway {

    /**
     * What became of an earlier charge; empty when the gateway never heard of the key. Empty is no promise: a charge still on its
     * way can arrive afterwards. Only {@link #cancel} settles that.
     *
     * @throws GatewayUnreachableException when there was no answer
     */
    Optional<Charge> find(String key);

    /**
     * Takes the money, once per key. A key that was cancelled or declined before is answered so, and nothing is taken.
     *
     * @throws GatewayUnreachableException when there was no answer: the charge may or may not have been made
     */
    Charge charge(ChargeRequest request);

    /**
     * Makes sure that no charge with this request's key takes effect from now on. The answer tells whether it was too late: a charge
     * that had already been made stays made, and is for {@link #refund}.
     *
     * @throws GatewayUnreachableException when there was no answer
     */
    Charge cancel(ChargeRequest request);

    /**
     * Gives the whole charge back, once per charge: towards a real gateway under a key of its own, made from the charge's.
     *
     * @throws IllegalStateException when no such charge was made
     * @throws GatewayUnreachableException when there was no answer
     */
    void refund(Charge charge);
}
