package dev.counterstep.orchestrator.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.definition.UnknownDefinitionException;

/** Reads sagas, without locking them. Their steps come in the order of their definition. */
@Repository
public class SagaQueries {

    private static final String STUCK = """
            SELECT * FROM saga WHERE status = 'STUCK' ORDER BY updated_at, id LIMIT ?
            """;

    private static final String IN_FLIGHT = """
            SELECT definition, definition_version, count(*) AS sagas
            FROM saga
            WHERE next_action_at IS NOT NULL OR status = 'STUCK'
            GROUP BY definition, definition_version
            ORDER BY definition, definition_version
            """;

    private final JdbcTemplate jdbc;
    private final DefinitionRegistry definitions;

    SagaQueries(JdbcTemplate jdbc, DefinitionRegistry definitions) {
        this.jdbc = jdbc;
        this.definitions = definitions;
    }

    /**
     * How many sagas of a definition have not ended.
     *
     * @param definition the definition's name
     * @param version its version
     * @param sagas how many are RUNNING, COMPENSATING or STUCK
     */
    public record InFlight(String definition, int version, long sagas) {}

    /** One saga. */
    public Optional<StoredSaga> find(UUID id) {
        return jdbc.query("SELECT * FROM saga WHERE id = ?", this::saga, id).stream()
                .findFirst();
    }

    /**
     * A page of sagas, the newest id first; ids grow with time.
     *
     * @param before the last id already seen, null for none
     */
    public List<StoredSaga> page(SagaFilter filter, @Nullable UUID before, int limit) {
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        add(
                conditions,
                values,
                "status = ?",
                filter.status() == null ? null : filter.status().name());
        add(conditions, values, "definition = ?", filter.definition());
        add(conditions, values, "business_key = ?", filter.businessKey());
        add(conditions, values, "started_at >= ?::timestamptz", filter.startedAfter());
        add(conditions, values, "started_at < ?::timestamptz", filter.startedBefore());
        add(conditions, values, "id < ?::uuid", before);
        values.add(limit);
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return jdbc.query("SELECT * FROM saga" + where + " ORDER BY id DESC LIMIT ?", this::saga, values.toArray());
    }

    /** Sagas that need an operator, the longest stuck first. */
    public List<StoredSaga> stuck(int limit) {
        return jdbc.query(STUCK, this::saga, limit);
    }

    /** How many sagas need an operator. */
    public long stuckCount() {
        Long count = jdbc.queryForObject("SELECT count(*) FROM saga WHERE status = 'STUCK'", Long.class);
        return count == null ? 0 : count;
    }

    /** How many sagas each definition version still carries; versions that carry none are missing. */
    public List<InFlight> inFlight() {
        return jdbc.query(
                IN_FLIGHT,
                (row, n) -> new InFlight(
                        row.getString("definition"), row.getInt("definition_version"), row.getLong("sagas")));
    }

    private StoredSaga saga(ResultSet row, int n) throws SQLException {
        StoredSaga stored = SagaRows.saga(row);
        try {
            return stored.inOrderOf(definitions
                    .find(stored.instance().definition(), stored.instance().definitionVersion())
                    .saga());
        } catch (UnknownDefinitionException e) {
            return stored; // a definition that only another node can read: shown all the same, its steps in any order
        }
    }

    private static void add(List<String> conditions, List<Object> values, String condition, @Nullable Object value) {
        if (value != null) {
            conditions.add(condition);
            values.add(value instanceof String || value instanceof UUID ? value : value.toString());
        }
    }
}
