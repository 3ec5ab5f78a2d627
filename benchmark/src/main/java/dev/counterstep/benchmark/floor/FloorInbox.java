package dev.counterstep.benchmark.floor;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The barrier: one row per command, with the reply that was given. */
final class FloorInbox {

    private static final String ENTER = """
            INSERT INTO inbox (saga_id, step, phase, generation, outcome, reply_type, reason, body)
            SELECT saga_id, step, phase, 1, outcome, reply_type, reason, body
            FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])
                AS entering (saga_id, step, phase, outcome, reply_type, reason, body)
            ORDER BY saga_id, step, phase
            ON CONFLICT DO NOTHING
            RETURNING saga_id, step, phase
            """;

    private FloorInbox() {}

    /** A command with its answer. */
    record Answered(Arrived command, String type, @Nullable String refusal, String body) {

        private Object key() {
            return List.of(command.header("saga-id"), command.header("saga-step"), command.header("saga-phase"));
        }
    }

    /** Lets through what has not come before. */
    static List<Answered> enter(Database database, List<Answered> answers) throws SQLException {
        Set<Object> entered = new HashSet<>(database.columns(answers)
                .with("text", answer -> answer.command().header("saga-id"))
                .with("text", answer -> answer.command().header("saga-step"))
                .with("text", answer -> answer.command().header("saga-phase"))
                .with("text", answer -> answer.refusal() == null ? "SUCCEEDED" : "REJECTED")
                .with("text", Answered::type)
                .with("text", Answered::refusal)
                .withBytes(answer -> answer.body().getBytes(UTF_8))
                .query(ENTER, row -> List.of(row.getString(1), row.getString(2), row.getString(3))));
        return answers.stream().filter(answer -> entered.contains(answer.key())).toList();
    }

    /** The replies of a batch. */
    static List<Message> replies(String participant, List<Answered> answers) {
        Messages messages = new Messages("/" + participant + "-service", Instant.now());
        List<Message> replies = new ArrayList<>(answers.size());
        for (Answered answer : answers) {
            replies.add(messages.reply(
                    answer.command().step(), answer.type(), participant, answer.refusal(), answer.body()));
        }
        return replies;
    }
}
