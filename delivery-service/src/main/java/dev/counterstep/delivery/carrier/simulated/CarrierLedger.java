package dev.counterstep.delivery.carrier.simulated;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.Assert;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.storage.GroupCommit;
import dev.counterstep.storage.TimeOrderedIds;

import static dev.counterstep.storage.Columns.texts;

/**
 * The simulated carrier's books: one entry per key, and whoever comes first enters; its parcels move by the clock. Each operation is
 * one statement and so one transaction of its own, shared by those who write at the same time; a caller's transaction is refused, for
 * a real carrier could not be part of it either. Entries are written in the order of their keys, so that two instances never wait for
 * each other in a circle.
 */
@Component
class CarrierLedger {

    private static final int MOST_WRITES_TOGETHER = 1_000;

    /** Takes the milliseconds after which a parcel is on its way, twice. */
    private static final String BOOKING = """
            idempotency_key, tracking_number,
            CASE WHEN outcome = 'REFUSED' THEN 'REFUSED'
                 WHEN outcome = 'VOIDED' OR cancelled_at IS NOT NULL THEN 'CANCELLED'
                 WHEN created_at > now() - ? * INTERVAL '1 millisecond' THEN 'BOOKED'
                 WHEN created_at > now() - 2 * ? * INTERVAL '1 millisecond' THEN 'SHIPPED'
                 ELSE 'DELIVERED' END AS status
            """;

    private static final String FIND =
            "SELECT " + BOOKING + "FROM carrier_entry WHERE idempotency_key = ANY (?::text[])";

    private static final String ENTER = """
            INSERT INTO carrier_entry (idempotency_key, outcome, tracking_number, created_at)
            SELECT n.idempotency_key, n.outcome, n.tracking_number, now()
            FROM unnest(?::text[], ?::text[], ?::text[])
                WITH ORDINALITY AS n (idempotency_key, outcome, tracking_number, position)
            ORDER BY n.idempotency_key, n.position
            ON CONFLICT (idempotency_key) DO NOTHING
            RETURNING
            """ + BOOKING;

    // A booking that began after this statement may have come before it: it is not cancelled before it was made.
    private static final String CANCEL = """
            INSERT INTO carrier_entry AS entry (idempotency_key, outcome, created_at)
            SELECT DISTINCT n.idempotency_key, 'VOIDED', now()
            FROM unnest(?::text[]) AS n (idempotency_key)
            ORDER BY n.idempotency_key
            ON CONFLICT (idempotency_key) DO UPDATE SET cancelled_at = greatest(now(), entry.created_at)
            WHERE entry.outcome = 'BOOKED' AND entry.cancelled_at IS NULL
              AND entry.created_at > now() - ? * INTERVAL '1 millisecond'
            RETURNING
            """ + BOOKING;

    private final JdbcTemplate jdbc;
    private final TimeOrderedIds ids;
    private final long shipsAfter;
    private final GroupCommit<Entry, Booking> entries = new GroupCommit<>(this::enter, MOST_WRITES_TOGETHER);
    private final GroupCommit<String, Booking> cancellations = new GroupCommit<>(this::cancel, MOST_WRITES_TOGETHER);

    CarrierLedger(JdbcTemplate jdbc, TimeOrderedIds ids, SimulatedCarrierProperties properties) {
        this.jdbc = jdbc;
        this.ids = ids;
        this.shipsAfter = properties.shipsAfter().toMillis();
    }

    /** A parcel to be brought or refused, unless its key has an entry. */
    record Entry(String key, boolean refused) {}

    /** How the bookings with these keys stand; those that there are none for are left out. */
    List<Booking> find(List<String> keys) {
        refuseTransaction();
        return jdbc.query(FIND, CarrierLedger::booking, shipsAfter, shipsAfter, texts(keys, key -> key));
    }

    /** Enters the booking or its refusal, unless the key has an entry; answers how the entry that counts stands. */
    Booking enter(String key, boolean refused) {
        refuseTransaction();
        return entries.submit(new Entry(key, refused));
    }

    /** Cancels the booking if it is not on its way, bars the key if there is none; answers how the entry stands. */
    Booking cancel(String key) {
        refuseTransaction();
        return cancellations.submit(key);
    }

    /** One statement when all keys are new, two when some have entries. Of two entries with one key the first counts. */
    List<Booking> enter(List<Entry> wanted) {
        List<Booking> made = jdbc.query(
                ENTER,
                CarrierLedger::booking,
                texts(wanted, Entry::key),
                texts(wanted, entry -> entry.refused() ? "REFUSED" : "BOOKED"),
                texts(wanted, entry -> entry.refused() ? null : "trk_" + ids.next()),
                shipsAfter,
                shipsAfter);
        return inOrderOf(wanted.stream().map(Entry::key).toList(), made);
    }

    /** One statement when all are barred or cancelled by it, two when some were before or are on their way. */
    List<Booking> cancel(List<String> keys) {
        List<Booking> cancelled =
                jdbc.query(CANCEL, CarrierLedger::booking, texts(keys, key -> key), shipsAfter, shipsAfter, shipsAfter);
        return inOrderOf(keys, cancelled);
    }

    /** How the bookings with these keys stand, those that were not written just now read. */
    private List<Booking> inOrderOf(List<String> keys, List<Booking> written) {
        Map<String, Booking> bookings = new HashMap<>();
        written.forEach(booking -> bookings.put(booking.key(), booking));
        List<String> known =
                keys.stream().filter(key -> !bookings.containsKey(key)).toList();
        if (!known.isEmpty()) {
            find(known).forEach(booking -> bookings.put(booking.key(), booking));
        }
        return keys.stream()
                .map(key -> Objects.requireNonNull(bookings.get(key), "the carrier lost an entry"))
                .toList();
    }

    private static void refuseTransaction() {
        Assert.state(
                !TransactionSynchronizationManager.isActualTransactionActive(),
                "the carrier must not be called inside a transaction");
    }

    private static Booking booking(ResultSet row, int number) throws SQLException {
        return new Booking(
                row.getString("idempotency_key"),
                Booking.Status.valueOf(row.getString("status")),
                row.getString("tracking_number"));
    }
}
