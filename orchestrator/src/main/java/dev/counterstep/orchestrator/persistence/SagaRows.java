package dev.counterstep.orchestrator.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.LogKind;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaState;

/** Reads rows of {@code saga} and {@code saga_log}. */
final class SagaRows {

    private SagaRows() {}

    static StoredSaga saga(ResultSet row) throws SQLException {
        SagaInstance instance = new SagaInstance(
                id(row, "id"),
                text(row, "definition"),
                row.getInt("definition_version"),
                text(row, "business_key"),
                SagaState.valueOf(text(row, "status")),
                time(row, "started_at"),
                time(row, "updated_at"),
                instant(row, "ended_at"),
                instant(row, "deadline_at"),
                row.getString("failure_step"),
                row.getString("failure_reason"),
                new SagaInstance.Origin(text(row, "correlation_id"), row.getString("traceparent")),
                SagaJson.readObject(text(row, "input")),
                SagaJson.readObjects(text(row, "replies")),
                StepJson.toSteps(SagaJson.readSteps(text(row, "steps"))));
        return new StoredSaga(instance, row.getLong("version"), instant(row, "next_action_at"));
    }

    static LoggedEntry logged(ResultSet row) throws SQLException {
        Map<String, Object> detail = SagaJson.readObject(text(row, "detail"));
        SagaLogEntry entry = new SagaLogEntry(
                time(row, "at"),
                LogKind.valueOf(text(row, "kind")),
                coordinates(row),
                row.getString("message_id"),
                text(row, "actor"),
                detail);
        return new LoggedEntry(id(row, "saga_id"), row.getLong("seq"), entry);
    }

    private static SagaLogEntry.@Nullable Coordinates coordinates(ResultSet row) throws SQLException {
        String step = row.getString("step");
        if (step == null) {
            return null;
        }
        String phase = row.getString("phase");
        return new SagaLogEntry.Coordinates(
                step, phase == null ? null : Phase.valueOf(phase), row.getInt("generation"), row.getInt("attempt"));
    }

    static UUID id(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, UUID.class), column);
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(instant(row, column), column);
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getString(column), column);
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
