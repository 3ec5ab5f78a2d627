package dev.counterstep.migrations;

import java.sql.Connection;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A long transaction makes the outbox grow, for as long as it takes and no longer. */
class OutboxVacuumIT {

    private static final String APPEND = "INSERT INTO outbox (topic, message_key, headers, body) "
            + "SELECT 'order.events', 'order-' || n, '{}', convert_to(repeat('x', 1000), 'UTF8') "
            + "FROM generate_series(1, 10000) AS n";

    @Test
    void whatALongTransactionKeptIsGivenBackWhenItIsOver() throws SQLException {
        TestDatabase database = TestDatabase.migrated(ServiceDatabase.ORDERS);
        try (Connection owner = database.asOwner()) {
            try (Connection reader = database.asOwner()) {
                reader.setAutoCommit(false);
                reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                TestDatabase.query(reader, "SELECT count(*) FROM outbox");
                TestDatabase.execute(owner, APPEND);
                TestDatabase.execute(owner, "DELETE FROM outbox");
                TestDatabase.execute(owner, "VACUUM outbox");
                assertThat(bytes(owner)).isGreaterThan(10_000_000);
                reader.rollback();
            }
            TestDatabase.execute(owner, "VACUUM outbox");
            assertThat(bytes(owner)).isZero();
        }
    }

    private static long bytes(Connection connection) throws SQLException {
        return Long.parseLong(TestDatabase.query(connection, "SELECT pg_relation_size('outbox')")
                .get(0));
    }
}
