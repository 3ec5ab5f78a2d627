package dev.counterstep.orchestrator.persistence;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaFold;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;

/**
 * Proves guarantee G6 of a whole database: folds the log of each saga, and compares what comes out with the saga's row.
 *
 * <p>Reads {@value #CHUNK} sagas at a time, in the order of their ids, all in one read-only snapshot; it locks nothing and may
 * run while the orchestrator works.
 */
@Component
public class SagaVerifier {

    private static final int CHUNK = 500;

    private static final String NEXT = """
            SELECT * FROM saga WHERE id > ? ORDER BY id LIMIT ?
            """;

    private final JdbcTemplate jdbc;
    private final SagaLogStore log;
    private final DefinitionRegistry definitions;
    private final TransactionTemplate snapshot;

    SagaVerifier(
            JdbcTemplate jdbc,
            SagaLogStore log,
            DefinitionRegistry definitions,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.log = log;
        this.definitions = definitions;
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
    }

    /** Verifies a database from outside: reads, and never writes. */
    public static SagaVerifier of(DataSource database) {
        JdbcTemplate jdbc = new JdbcTemplate(database);
        return new SagaVerifier(
                jdbc,
                new SagaLogStore(jdbc),
                DefinitionRegistry.ofStored(database),
                new JdbcTransactionManager(database));
    }

    /**
     * What was found.
     *
     * @param sagas how many were compared
     * @param difference the first that differs; null when none does
     */
    public record Verification(long sagas, @Nullable Difference difference) {}

    /**
     * A saga whose log does not fold to its row.
     *
     * @param sagaId the saga
     * @param field where they differ first
     * @param folded what the log says
     * @param stored what the row says
     */
    public record Difference(UUID sagaId, String field, String folded, String stored) {}

    /** A saga, and what its row says beside that follows from it. */
    private record Row(SagaInstance saga, @Nullable String currentStep) {}

    /** Compares all sagas, up to the first that differs. */
    public Verification verify() {
        return verify(compared -> {});
    }

    /**
     * Compares all sagas, up to the first that differs.
     *
     * @param progress hears after every {@value #CHUNK} sagas how many have been compared
     */
    public Verification verify(LongConsumer progress) {
        return Objects.requireNonNull(snapshot.execute(status -> verifyAll(progress)));
    }

    private Verification verifyAll(LongConsumer progress) {
        long compared = 0;
        UUID last = new UUID(0, 0);
        while (true) {
            List<Row> chunk = jdbc.query(
                    NEXT,
                    (row, n) -> new Row(SagaRows.saga(row).instance(), row.getString("current_step")),
                    last,
                    CHUNK);
            if (chunk.isEmpty()) {
                return new Verification(compared, null);
            }
            Map<UUID, List<SagaLogEntry>> logs = logs(chunk);
            for (Row stored : chunk) {
                last = stored.saga().id();
                compared++;
                Optional<Difference> difference = difference(stored, logs.getOrDefault(last, List.of()));
                if (difference.isPresent()) {
                    return new Verification(compared, difference.get());
                }
            }
            progress.accept(compared);
        }
    }

    private Map<UUID, List<SagaLogEntry>> logs(List<Row> sagas) {
        Map<UUID, List<SagaLogEntry>> logs = new LinkedHashMap<>();
        for (LoggedEntry line :
                log.whole(sagas.stream().map(row -> row.saga().id()).toList())) {
            logs.computeIfAbsent(line.sagaId(), id -> new ArrayList<>()).add(line.entry());
        }
        return logs;
    }

    private Optional<Difference> difference(Row row, List<SagaLogEntry> entries) {
        SagaInstance stored = row.saga();
        try {
            SagaDefinition definition = definitions
                    .find(stored.definition(), stored.definitionVersion())
                    .saga();
            SagaInstance folded = SagaFold.fold(stored.id(), definition, entries);
            return firstDifference(stored.id(), "", folded, stored)
                    .or(() -> firstDifference(stored.id(), "currentStep", folded.currentStep(), row.currentStep()));
        } catch (DataAccessException e) {
            throw e;
        } catch (RuntimeException e) {
            return Optional.of(new Difference(stored.id(), "log", "cannot be folded: " + e.getMessage(), "a saga"));
        }
    }

    private static Optional<Difference> firstDifference(
            UUID saga, String field, @Nullable Object folded, @Nullable Object stored) {
        if (Objects.equals(folded, stored)) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> left = parts(folded);
        Map<String, @Nullable Object> right = parts(stored);
        if (left.isEmpty() || !left.keySet().equals(right.keySet())) {
            return Optional.of(new Difference(saga, field, String.valueOf(folded), String.valueOf(stored)));
        }
        return left.keySet().stream()
                .map(part -> firstDifference(
                        saga, field.isEmpty() ? part : field + "." + part, left.get(part), right.get(part)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The components of a record, the members of an object; nothing of anything else. */
    private static Map<String, @Nullable Object> parts(@Nullable Object whole) {
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        if (whole instanceof Map<?, ?> map) {
            map.forEach((key, value) -> parts.put(String.valueOf(key), value));
        } else if (whole instanceof Record record) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                parts.put(component.getName(), value(component, record));
            }
        }
        return parts;
    }

    private static @Nullable Object value(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
