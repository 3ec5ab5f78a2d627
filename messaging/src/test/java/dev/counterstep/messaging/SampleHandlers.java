package dev.counterstep.messaging;

import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;

import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.SagaCommand;

/**
 * The smallest participant there is: {@code sample.apply} and its compensation {@code sample.undo} on a table of their own.
 * For tests of the machinery, and of services that have no action with a compensation.
 */
public class SampleHandlers {

    private final JdbcTemplate jdbc;

    public SampleHandlers(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Makes the table, as the owner, in any database. */
    public static void createTable(TestDatabase database) {
        JdbcTemplate owner = new JdbcTemplate(database.ownerDataSource());
        owner.execute("CREATE TABLE sample_effect (saga_id uuid NOT NULL, amount integer NOT NULL)");
        owner.execute("GRANT SELECT, INSERT ON sample_effect TO " + database.user());
    }

    /** What a contract needs to know. */
    public static ParticipantContract.Sample sample() {
        return new ParticipantContract.Sample("sample.apply", "{\"amount\": 1}", "sample.undo", "{\"amount\": 1}");
    }

    /** How often the effect is in place. */
    public static int effects(DataSource dataSource, UUID sagaId) {
        Integer sum = new JdbcTemplate(dataSource)
                .queryForObject(
                        "SELECT coalesce(sum(amount), 0) FROM sample_effect WHERE saga_id = ?", Integer.class, sagaId);
        return sum == null ? 0 : sum;
    }

    /** The body of both commands. */
    public record Body(int amount) {}

    @SagaCommand(value = "sample.apply", success = "sample.applied", failure = "sample.failed")
    CommandResult apply(Command command, Body body) {
        if (body.amount() > 100) {
            return Outcome.rejected("at most 100, asked for " + body.amount());
        }
        return add(command.saga().sagaId(), body.amount());
    }

    @SagaCommand(value = "sample.undo", success = "sample.undone", failure = "sample.failed")
    CommandResult undo(Command command, Body body) {
        return add(command.saga().sagaId(), -body.amount());
    }

    private Outcome add(UUID sagaId, int amount) {
        jdbc.update("INSERT INTO sample_effect (saga_id, amount) VALUES (?, ?)", sagaId, amount);
        return Outcome.succeeded(Map.of("amount", amount));
    }
}
