package dev.counterstep.delivery.carrier;

import java.util.List;

/**
 * What the service needs of whoever brings the parcels. Every operation may be repeated: its key decides, not the number of calls.
 *
 * <p>The calls leave the process, so they must not run inside a database transaction, and each bounds its own time. An exception
 * means that nobody knows, and that asking again is safe.
 */
public interface Carrier {

    /**
     * How earlier bookings stand, at most one for each key and in no order. A key that the carrier never heard of is left out, which is
     * no promise: a booking still on its way can arrive afterwards. Only {@link #cancel} settles that.
     *
     * @throws CarrierUnreachableException when there was no answer
     */
    List<Booking> find(List<String> keys);

    /**
     * Books the parcel, once per key. A key that was cancelled or refused before is answered so, and nothing is booked.
     *
     * @throws CarrierUnreachableException when there was no answer: the parcel may or may not be booked
     */
    Booking book(BookingRequest request);

    /**
     * Cancels the booking, or makes sure that one with this key will never be accepted. The answer tells whether it was too late: then
     * the booking is as it was.
     *
     * @throws CarrierUnreachableException when there was no answer
     */
    Booking cancel(String key);
}
