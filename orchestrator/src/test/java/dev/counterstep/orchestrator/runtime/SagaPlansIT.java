package dev.counterstep.orchestrator.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaDefinition;

import static dev.counterstep.orchestrator.runtime.Arrivals.cancel;
import static dev.counterstep.orchestrator.runtime.Arrivals.start;
import static dev.counterstep.orchestrator.runtime.Arrivals.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

/** Connections that were opened when the database was empty stay as good as new ones. */
class SagaPlansIT {

    private static final String TRIP = """
            saga: trip
            version: 1
            steps:
              - {id: seat, participant: inventory, action: seat.take, compensation: seat.give}
              - {id: fare, participant: payment, action: fare.charge, compensation: fare.refund}
            """;

    private static final int UNTIL_PLANS_ARE_KEPT = 12;
    private static final int STORED = 100_000;
    private static final int BATCH = 50;

    /** Rows looked at for each saga: to insert, lock, read and update it several times, with some to spare. */
    private static final int MOST_READ_FOR_EACH = 50;

    private final TestDatabase database = TestInfrastructure.newDatabase("orchestrator");
    private final JdbcTemplate owner = new JdbcTemplate(database.ownerDataSource());
    private final OrchestratorNode node = OrchestratorNode.on(database);
    private final SagaDefinition trip = node.define(TRIP);
    private int keys;

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void batchReadsNoMoreThanItsSagasAlthoughTheTableWasEmptyBefore() {
        owner.execute("ANALYZE saga"); // there is nothing in it
        for (int i = 0; i < UNTIL_PLANS_ARE_KEPT; i++) {
            startAnswerAndCancel(1);
        }
        fill();
        long before = rowsRead();

        startAnswerAndCancel(BATCH);

        assertThat(rowsRead() - before).isBetween((long) BATCH, (long) BATCH * MOST_READ_FOR_EACH);
    }

    private void startAnswerAndCancel(int sagas) {
        List<String> batch =
                IntStream.range(0, sagas).mapToObj(i -> "key-" + keys++).toList();
        List<UUID> ids = node
                .handle(batch.stream().map(key -> start(trip, key, Map.of())).toList())
                .stream()
                .map(Handled::sagaId)
                .toList();
        node.handle(ids.stream()
                .map(id -> succeeded(id, "inventory", "seat", Phase.ACTION))
                .toList());
        List<Arrival> cancellations = new ArrayList<>();
        batch.forEach(key -> cancellations.add(cancel(trip, key)));
        node.handle(cancellations);
    }

    private void fill() {
        owner.update("""
                INSERT INTO saga
                SELECT copy.*
                FROM (SELECT to_jsonb(saga) AS row FROM saga LIMIT 1) AS one, generate_series(1, ?) AS n,
                     jsonb_populate_record(NULL::saga,
                         one.row || jsonb_build_object('id', gen_random_uuid(), 'business_key', 'copy-' || n)) AS copy
                """, STORED);
    }

    /** By scans of the table and of its indexes. */
    private long rowsRead() {
        node.bean(JdbcTemplate.class).query("SELECT pg_stat_force_next_flush()", row -> {});
        Long read = owner.queryForObject("""
                SELECT seq_tup_read + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'saga')
                FROM pg_stat_user_tables WHERE relname = 'saga'
                """, Long.class);
        return read == null ? -1 : read;
    }
}
