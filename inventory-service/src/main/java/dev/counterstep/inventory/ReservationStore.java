package dev.counterstep.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

import dev.counterstep.messaging.participant.StepKey;
import dev.counterstep.storage.RoundTrip;

import static dev.counterstep.storage.Columns.texts;

/**
 * The statements on table {@code reservation}. All run in the caller's transaction. A reservation is changed only by who has
 * locked its product, so it needs no lock of its own.
 */
@Repository
class ReservationStore {

    private static final String COLUMNS = """
            SELECT id, order_id, saga_id, step, product_id, quantity, created_at, released_at
            FROM reservation
            """;

    // These two are sorted by text, which is the same order: by id itself, a planner could read the whole primary key
    // for it.
    private static final String OF_STEPS = COLUMNS + """
            WHERE saga_id = ANY (?::uuid[]) AND (saga_id, step) IN (SELECT * FROM unnest(?::uuid[], ?::text[]))
            ORDER BY id::text COLLATE "C"
            """;

    private static final String OF_ORDER = COLUMNS + """
            WHERE order_id = ?
            ORDER BY id::text COLLATE "C" DESC
            LIMIT ?
            """;

    private static final String NEWEST = """
            SELECT newest.*
            FROM unnest(?::text[]) AS wanted (id)
            CROSS JOIN LATERAL (
                SELECT * FROM reservation WHERE product_id = wanted.id ORDER BY id DESC LIMIT ?) AS newest
            ORDER BY newest.id DESC
            """;

    private static final String INSERT = """
            INSERT INTO reservation (id, order_id, saga_id, step, product_id, quantity, status, created_at)
            SELECT id, order_id, saga_id, step, product_id, quantity, 'RESERVED', created_at
            FROM unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::integer[], ?::timestamptz[])
                AS promised (id, order_id, saga_id, step, product_id, quantity, created_at)
            """;

    private static final String RELEASE = """
            UPDATE reservation
            SET status = 'RELEASED', released_at = given_back.released_at
            FROM unnest(?::uuid[], ?::timestamptz[]) AS given_back (id, released_at)
            WHERE reservation.id = ANY (?::uuid[]) AND reservation.id = given_back.id AND reservation.released_at IS NULL
            """;

    private final JdbcTemplate jdbc;

    ReservationStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** What these steps of sagas reserved. Who means to release it has locked the products before. */
    List<Reservation> findAll(Collection<StepKey> steps) {
        String[] sagaIds = texts(steps, StepKey::sagaId);
        return jdbc.query(OF_STEPS, ReservationStore::reservation, sagaIds, sagaIds, texts(steps, StepKey::step));
    }

    /** The newest reservations of an order, newest first. */
    List<Reservation> ofOrder(String orderId, int limit) {
        return jdbc.query(OF_ORDER, ReservationStore::reservation, orderId, limit);
    }

    /** The newest reservations of each product, at most {@code each} of one, newest first. */
    List<Reservation> newest(Collection<String> productIds, int each) {
        return jdbc.query(NEWEST, ReservationStore::reservation, texts(productIds, id -> id), each);
    }

    void insert(List<Reservation> reservations, RoundTrip trip) {
        if (!reservations.isEmpty()) {
            trip.update(
                    INSERT,
                    inserted -> {},
                    texts(reservations, Reservation::id),
                    texts(reservations, Reservation::orderId),
                    texts(reservations, reservation -> reservation.step().sagaId()),
                    texts(reservations, reservation -> reservation.step().step()),
                    texts(reservations, Reservation::productId),
                    texts(reservations, Reservation::quantity),
                    texts(reservations, Reservation::createdAt));
        }
    }

    /**
     * Stores that reservations were released. Whoever runs it gets an {@link OptimisticLockingFailureException} when one was released
     * meanwhile; nothing may be committed then.
     */
    void release(List<Reservation> released, RoundTrip trip) {
        if (released.isEmpty()) {
            return;
        }
        String[] ids = texts(released, Reservation::id);
        trip.update(
                RELEASE,
                stored -> requireAll(stored, released.size()),
                ids,
                texts(released, Reservation::releasedAt),
                ids);
    }

    private static void requireAll(int stored, int all) {
        if (stored != all) {
            throw new OptimisticLockingFailureException(
                    "%d of %d reservations were still reserved".formatted(stored, all));
        }
    }

    private static Reservation reservation(ResultSet row, int number) throws SQLException {
        return new Reservation(
                row.getObject("id", UUID.class),
                new StepKey(row.getObject("saga_id", UUID.class), row.getString("step")),
                new StockRequest(row.getString("order_id"), row.getString("product_id"), row.getInt("quantity")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row.getObject("released_at", OffsetDateTime.class)));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
