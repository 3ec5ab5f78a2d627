package dev.counterstep.delivery;

import java.time.Duration;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Lets time pass for the simulated carrier. */
final class CarrierTime {

    private CarrierTime() {}

    /** Makes the saga's booking so old. An entry never changes, so it is entered anew. */
    static void bookedAgo(UUID saga, Duration age) {
        JdbcClient owner = JdbcClient.create(DeliveryServiceTest.Infrastructure.DATABASE.ownerDataSource());
        String key = owner.sql(
                        "DELETE FROM carrier_entry WHERE idempotency_key LIKE :saga || ':%' RETURNING idempotency_key")
                .param("saga", saga.toString())
                .query(String.class)
                .single();
        owner.sql("""
                        INSERT INTO carrier_entry (idempotency_key, outcome, tracking_number, created_at)
                        VALUES (:key, 'BOOKED', 'trk_' || :key, now() - :age * INTERVAL '1 second')
                        """).param("key", key).param("age", age.toSeconds()).update();
    }
}
