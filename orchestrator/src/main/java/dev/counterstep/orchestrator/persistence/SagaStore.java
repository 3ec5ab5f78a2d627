package dev.counterstep.orchestrator.persistence;

import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import dev.counterstep.orchestrator.definition.DefinitionVersion;
import dev.counterstep.orchestrator.saga.StepInstance;
import dev.counterstep.storage.RoundTrip;
import dev.counterstep.storage.TimeFloor;

import static dev.counterstep.storage.Columns.texts;

/**
 * The statements by which a batch is locked and saved: one for each verb, however many sagas there are. All run in the
 * caller's transaction. Rows are locked in the order of their ids, so that two batches never wait for each other in a circle.
 *
 * <p>The time of a batch is the database's, read when the last lock was granted: two decisions on a saga never disagree about
 * which came first.
 *
 * <p>Each statement names its rows by an index in a condition on the table alone. So no plan reads more than that, whatever the
 * statistics were when it was made, and plans are kept ({@link RoundTrip#keepingPlans}).
 *
 * <p>A lock answers with ids and versions; the rows themselves are read only when they are not known already.
 */
@Repository
public class SagaStore {

    private static final String WITH_TIME = """
            SELECT clock_timestamp() AS locked_at, locked.* FROM (VALUES (1)) AS once LEFT JOIN locked ON true
            """;

    private static final String LOCK = """
            WITH locked AS MATERIALIZED (
                SELECT s.id, s.version, s.updated_at FROM saga AS s
                WHERE s.id = ANY (ARRAY(
                    SELECT unnest(?::uuid[])
                    UNION
                    SELECT found.id
                    FROM unnest(?::text[], ?::text[]) AS sought (business_key, definition)
                    JOIN saga AS found USING (business_key, definition)
                    WHERE found.business_key = ANY (?::text[])))
                ORDER BY s.id
                FOR UPDATE)
            """ + WITH_TIME;

    private static final String LOCK_DUE = """
            WITH locked AS MATERIALIZED (
                SELECT s.id, s.version, s.updated_at FROM saga AS s
                WHERE s.next_action_at >= ?::timestamptz AND s.next_action_at <= least(now(), ?::timestamptz)
                  AND (s.definition, s.definition_version) NOT IN (SELECT * FROM unnest(?::text[], ?::integer[]))
                ORDER BY s.next_action_at
                LIMIT ?
                FOR UPDATE SKIP LOCKED)
            """ + WITH_TIME;

    /** For rows that are locked: nothing can have changed them since. */
    private static final String READ = "SELECT * FROM saga WHERE id = ANY (?::uuid[]) ORDER BY id";

    private static final String FIRST_DUE = """
            SELECT now() AS at, (
                SELECT next_action_at FROM saga
                WHERE next_action_at >= ?::timestamptz AND next_action_at <= now()
                  AND (definition, definition_version) NOT IN (SELECT * FROM unnest(?::text[], ?::integer[]))
                ORDER BY next_action_at
                LIMIT 1) AS due_at
            """;

    private static final String INSERT = """
            INSERT INTO saga (id, definition, definition_version, business_key, status, current_step, version, started_at,
                              updated_at, ended_at, next_action_at, deadline_at, failure_step, failure_reason, input,
                              replies, steps, correlation_id, traceparent)
            SELECT n.*
            FROM unnest(?::uuid[], ?::text[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::timestamptz[],
                        ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[],
                        ?::jsonb[], ?::jsonb[], ?::jsonb[], ?::text[], ?::text[])
                AS n (id, definition, definition_version, business_key, status, current_step, version, started_at,
                      updated_at, ended_at, next_action_at, deadline_at, failure_step, failure_reason, input,
                      replies, steps, correlation_id, traceparent)
            ORDER BY n.business_key, n.definition
            ON CONFLICT (business_key, definition) DO NOTHING
            """;

    private static final String UPDATE = """
            UPDATE saga AS s
            SET version = n.version, status = n.status, current_step = n.current_step, updated_at = n.updated_at,
                ended_at = n.ended_at, next_action_at = n.next_action_at, failure_step = n.failure_step,
                failure_reason = n.failure_reason, replies = s.replies || n.replies, steps = s.steps || n.steps
            FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
                        ?::text[], ?::text[], ?::jsonb[], ?::jsonb[])
                AS n (id, version, status, current_step, updated_at, ended_at, next_action_at, failure_step,
                      failure_reason, replies, steps)
            WHERE s.id = ANY (?::uuid[]) AND s.id = n.id AND s.version = n.version - 1
            """;

    private final JdbcTemplate jdbc;
    private final SagaCache cache = new SagaCache();
    private final TimerFloor timerFloor = new TimerFloor();

    SagaStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What was locked.
     *
     * @param at database time after the last lock was granted, whole microseconds
     * @param sagas as they stand; those that do not exist are missing
     */
    public record Locked(Instant at, List<StoredSaga> sagas) {}

    /** Locks sagas by id or by key, waiting for whoever holds them. */
    public Locked lock(Collection<UUID> ids, Collection<SagaKey> keys) {
        String[] businessKeys = texts(keys, SagaKey::businessKey);
        return query(
                RoundTrip.keepingPlans(),
                LOCK,
                texts(ids, id -> id),
                businessKeys,
                texts(keys, SagaKey::definition),
                businessKeys);
    }

    /**
     * Locks sagas whose timer was due by some time, longest due first, passing over those that somebody else holds.
     *
     * @param except the definitions whose sagas are left to other nodes
     */
    public Locked lockDue(Instant until, Collection<DefinitionVersion> except, int most) {
        return query(
                new RoundTrip(),
                LOCK_DUE,
                timerFloor.from(),
                until.toString(),
                texts(except, DefinitionVersion::name),
                texts(except, DefinitionVersion::version),
                most);
    }

    /**
     * Whether any saga's timer is due, those of some definitions excepted. A timer that was set to the past, or by a transaction that took
     * more than a second, may be found a second and a look late; while vacuum is held back for long, minutes late.
     */
    public boolean isAnyDue(Collection<DefinitionVersion> except) {
        TimeFloor.Look look = timerFloor.look(except);
        return Boolean.TRUE.equals(jdbc.queryForObject(
                FIRST_DUE,
                (row, n) -> {
                    Instant due = SagaRows.instant(row, "due_at");
                    timerFloor.found(look, SagaRows.time(row, "at"), due);
                    return due != null;
                },
                look.from(),
                texts(except, DefinitionVersion::name),
                texts(except, DefinitionVersion::version)));
    }

    private Locked query(RoundTrip trip, String sql, Object... arguments) {
        List<Instant> times = new ArrayList<>();
        Map<UUID, @Nullable StoredSaga> locked = new LinkedHashMap<>();
        trip.query(
                sql,
                rows -> {
                    while (rows.next()) {
                        times.add(SagaRows.time(rows, "locked_at"));
                        UUID id = rows.getObject("id", UUID.class);
                        if (id != null) {
                            locked.put(id, cache.find(id, rows.getLong("version"), SagaRows.time(rows, "updated_at")));
                        }
                    }
                },
                arguments);
        trip.run(jdbc);
        read(locked);
        List<StoredSaga> sagas = new ArrayList<>();
        locked.values().forEach(saga -> sagas.add(Objects.requireNonNull(saga)));
        return new Locked(times.stream().max(Instant::compareTo).orElseThrow(), sagas);
    }

    /** Reads the locked sagas that are not known yet. */
    private void read(Map<UUID, @Nullable StoredSaga> locked) {
        List<UUID> unknown = new ArrayList<>();
        locked.forEach((id, saga) -> {
            if (saga == null) {
                unknown.add(id);
            }
        });
        if (!unknown.isEmpty()) {
            String[] ids = unknown.stream().map(UUID::toString).toArray(String[]::new);
            jdbc.query(
                    READ,
                    (ResultSet row) -> {
                        StoredSaga saga = SagaRows.saga(row);
                        locked.put(saga.instance().id(), saga);
                    },
                    (Object) ids);
        }
    }

    /**
     * Stores new sagas. Whoever runs it gets an {@link OptimisticLockingFailureException} when one of their keys was taken
     * meanwhile; nothing may be committed then.
     */
    public void insert(List<StoredSaga> sagas, RoundTrip trip) {
        if (sagas.isEmpty()) {
            return;
        }
        trip.update(
                INSERT,
                stored -> requireAll(stored, sagas.size(), "another transaction has started one of these sagas"),
                texts(sagas, row -> row.instance().id()),
                texts(sagas, row -> row.instance().definition()),
                texts(sagas, row -> row.instance().definitionVersion()),
                texts(sagas, row -> row.instance().businessKey()),
                texts(sagas, row -> row.instance().state()),
                texts(sagas, row -> row.instance().currentStep()),
                texts(sagas, StoredSaga::version),
                texts(sagas, row -> row.instance().startedAt()),
                texts(sagas, row -> row.instance().updatedAt()),
                texts(sagas, row -> row.instance().endedAt()),
                texts(sagas, StoredSaga::nextActionAt),
                texts(sagas, row -> row.instance().deadlineAt()),
                texts(sagas, row -> row.instance().failureStep()),
                texts(sagas, row -> row.instance().failureReason()),
                texts(sagas, row -> SagaJson.write(row.instance().input())),
                texts(sagas, row -> SagaJson.write(row.instance().replies())),
                texts(sagas, row -> steps(row.instance().steps())),
                texts(sagas, row -> row.instance().origin().correlationId()),
                texts(sagas, row -> row.instance().origin().traceparent()));
        keepOnceCommitted(sagas);
    }

    /**
     * A row that changes.
     *
     * @param before as it was locked
     * @param after as it is to be, with the next version
     */
    public record Change(StoredSaga before, StoredSaga after) {

        /** What the replies have more. */
        private Map<String, Map<String, Object>> replies() {
            return differing(before.instance().replies(), after.instance().replies());
        }

        private Map<String, StepInstance> steps() {
            return differing(before.instance().steps(), after.instance().steps());
        }

        private static <V> Map<String, V> differing(Map<String, V> before, Map<String, V> after) {
            Map<String, V> differing = new LinkedHashMap<>();
            after.forEach((key, value) -> {
                if (!value.equals(before.get(key))) {
                    differing.put(key, value);
                }
            });
            return differing;
        }
    }

    /**
     * Stores changed sagas. Of replies and steps only those are written that differ: neither is ever taken away. Whoever runs it
     * gets an {@link OptimisticLockingFailureException} when one has another version; nothing may be committed then.
     */
    public void update(List<Change> changes, RoundTrip trip) {
        if (changes.isEmpty()) {
            return;
        }
        List<StoredSaga> sagas = changes.stream().map(Change::after).toList();
        String[] ids = texts(sagas, row -> row.instance().id());
        trip.update(
                UPDATE,
                stored -> requireAll(stored, sagas.size(), "a saga was changed without its lock"),
                ids,
                texts(sagas, StoredSaga::version),
                texts(sagas, row -> row.instance().state()),
                texts(sagas, row -> row.instance().currentStep()),
                texts(sagas, row -> row.instance().updatedAt()),
                texts(sagas, row -> row.instance().endedAt()),
                texts(sagas, StoredSaga::nextActionAt),
                texts(sagas, row -> row.instance().failureStep()),
                texts(sagas, row -> row.instance().failureReason()),
                texts(changes, change -> SagaJson.write(change.replies())),
                texts(changes, change -> steps(change.steps())),
                ids);
        keepOnceCommitted(sagas);
    }

    private void keepOnceCommitted(List<StoredSaga> sagas) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                cache.keep(sagas);
            }
        });
    }

    private static String steps(Map<String, StepInstance> steps) {
        return SagaJson.write(StepJson.of(steps));
    }

    private static void requireAll(int stored, int all, String otherwise) {
        if (stored != all) {
            throw new OptimisticLockingFailureException(otherwise);
        }
    }
}
