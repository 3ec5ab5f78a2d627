package dev.counterstep.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows that are written twice, as an intent and with its outcome, get their second version in the same page and touch no index
 * (HOT): also when a whole batch of neighbours does.
 */
class UpdatesInPlaceIT {

    private static final String IDS = "gen_random_uuid(), 'order-' || n, gen_random_uuid(), 'some-step', "
            + "gen_random_uuid() || ':some-step:1'";

    /** The rows of a batch, and how they are given their outcomes; sizes as in the shipped flow. */
    record Outcomes(ServiceDatabase kind, String table, String insert, String update) {
        @Override
        public String toString() {
            return table;
        }
    }

    static Stream<Outcomes> outcomes() {
        return Stream.of(
                new Outcomes(
                        ServiceDatabase.PAYMENTS,
                        "payment",
                        "INSERT INTO payment (id, order_id, saga_id, step, idempotency_key, amount, currency, payment_method, "
                                + "status, created_at, updated_at, version) "
                                + "SELECT " + IDS + ", 49.90, 'EUR', 'card', 'PENDING', now(), now(), 0",
                        "UPDATE payment SET version = 1, status = 'COMPLETED', gateway_reference = 'ch_' || gen_random_uuid(), "
                                + "updated_at = now()"),
                new Outcomes(
                        ServiceDatabase.DELIVERIES,
                        "delivery",
                        "INSERT INTO delivery (id, order_id, saga_id, step, idempotency_key, address, status, created_at, "
                                + "updated_at, version) "
                                + "SELECT " + IDS
                                + ", 'Main Street 1, 12345 Springfield', 'PENDING', now(), now(), 0",
                        "UPDATE delivery SET version = 1, status = 'SCHEDULED', carrier_reference = 'trk_' || gen_random_uuid(), "
                                + "updated_at = now()"),
                new Outcomes(
                        ServiceDatabase.INVENTORY,
                        "inbox",
                        "INSERT INTO inbox (saga_id, step, phase, generation) "
                                + "SELECT gen_random_uuid(), 'reserve-inventory', 'ACTION', 1",
                        "UPDATE inbox SET outcome = 'SUCCEEDED', reply_type = 'inventory.reserved', "
                                + "body = convert_to(repeat('x', 110), 'UTF8')"));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void outcomesOfABatchTouchNoIndex(Outcomes outcomes) throws SQLException {
        TestDatabase database = TestDatabase.migrated(outcomes.kind());
        try (Connection connection = database.asApp()) {
            TestDatabase.execute(connection, outcomes.insert() + " FROM generate_series(1, 300) AS n");
            connection.setAutoCommit(false);
            TestDatabase.execute(connection, outcomes.update());

            assertThat(TestDatabase.query(
                            connection,
                            "SELECT n_tup_upd || ' updated, ' || n_tup_hot_upd || ' in place' FROM pg_stat_xact_user_tables WHERE relname = '"
                                    + outcomes.table() + "'"))
                    .containsExactly("300 updated, 300 in place");
        }
    }
}
