package dev.counterstep.benchmark.floor;

import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.counterstep.benchmark.floor.SagaMoves.Move;

/** The orchestrator's rows: sagas and their logs. What comes next is written down in {@link SagaMoves}. */
final class SagaFloor implements FloorService.Handler {

    private static final int TIMEOUT_SECONDS = 30;
    private static final int DEADLINE_SECONDS = 600;

    private static final String START = """
            INSERT INTO saga (id, definition, definition_version, business_key, status, current_step, version, started_at,
                              updated_at, next_action_at, deadline_at, input, replies, steps, correlation_id, traceparent)
            SELECT id, 'order-core', 1, business_key, 'RUNNING', 'reserve-inventory', 1, at, at, at + interval '30 s',
                   at + interval '10 min', input, '{}', steps, business_key, traceparent
            FROM unnest(?::uuid[], ?::text[], ?::timestamptz[], ?::jsonb[], ?::jsonb[], ?::text[])
                AS s (id, business_key, at, input, steps, traceparent)
            ON CONFLICT (business_key, definition) DO NOTHING
            """;

    private static final String MOVE = """
            UPDATE saga AS s
            SET version = s.version + 1, status = m.status, current_step = m.next_step, updated_at = m.at,
                ended_at = CASE WHEN m.next_step IS NULL THEN m.at END,
                next_action_at = CASE WHEN m.next_step IS NOT NULL THEN s.next_action_at END,
                failure_step = coalesce(s.failure_step, m.failure_step),
                failure_reason = coalesce(s.failure_reason, m.failure_reason),
                replies = s.replies || m.replies, steps = s.steps || m.steps
            FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::jsonb[],
                        ?::jsonb[])
                AS m (id, awaited, status, next_step, at, failure_step, failure_reason, replies, steps)
            WHERE s.id = m.id AND s.current_step = m.awaited
            RETURNING s.id, s.input::text, s.failure_reason
            """;

    private static final String LOG = """
            INSERT INTO saga_log (saga_id, at, kind, step, phase, generation, attempt, message_id, actor, detail)
            SELECT e.saga_id, e.at, e.kind, e.step, e.phase, CASE WHEN e.step IS NOT NULL THEN 1 END,
                   CASE WHEN e.step IS NOT NULL THEN 1 END, e.message_id, e.actor, e.detail
            FROM unnest(?::uuid[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::jsonb[])
                WITH ORDINALITY AS e (saga_id, at, kind, step, phase, message_id, actor, detail, position)
            ORDER BY e.position
            """;

    /** A row of the log. */
    record Entry(
            String sagaId,
            String kind,
            @Nullable String step,
            @Nullable String phase,
            @Nullable String messageId,
            String actor,
            String detail) {}

    private record Moved(String input, @Nullable String reason) {}

    @Override
    public List<Message> handle(Database database, List<Arrived> batch) throws SQLException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Messages messages = new Messages("/orchestrator", now);
        List<Message> outgoing = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        start(database, now, batch, messages, entries, outgoing);
        List<Move> moves = batch.stream()
                .filter(message -> message.topic().endsWith(".replies"))
                .map(Move::of)
                .toList();
        Map<String, Moved> moved = move(database, now, moves);
        for (Move move : moves) {
            Moved row = moved.get(move.sagaId());
            if (row != null) {
                record(move, row, now, entries);
                send(move, row, messages, outgoing);
            }
        }
        log(database, now, entries);
        return outgoing;
    }

    private static void start(
            Database database,
            Instant now,
            List<Arrived> batch,
            Messages messages,
            List<Entry> entries,
            List<Message> outgoing)
            throws SQLException {
        List<Start> starts = batch.stream()
                .filter(message -> message.type().equals("order.created"))
                .map(Start::of)
                .toList();
        database.columns(starts)
                .with("text", Start::sagaId)
                .with("text", Start::orderId)
                .with("text", start -> now)
                .with("text", start -> start.event().body())
                .with("text", start -> SagaMoves.firstSteps(now))
                .with("text", start -> start.event().header("traceparent"))
                .update(START);
        for (Start start : starts) {
            entries.add(start.entry(now.plusSeconds(DEADLINE_SECONDS)));
            entries.add(sent(start.sagaId(), SagaMoves.FIRST, "ACTION", now));
            Messages.Step step = start.step();
            String input = start.event().body();
            outgoing.add(messages.command(
                    step,
                    "inventory.reserve",
                    "inventory",
                    Arrived.member(input, "productId"),
                    SagaMoves.stockPayload(input)));
            outgoing.add(sagaEvent(messages, "saga.started", step, null));
        }
    }

    /** An order that was created. */
    private record Start(String sagaId, Arrived event) {

        static Start of(Arrived event) {
            return new Start(Ids.next().toString(), event);
        }

        String orderId() {
            return event.header("ce_subject");
        }

        Messages.Step step() {
            return new Messages.Step(sagaId, orderId(), event.header("traceparent"), SagaMoves.FIRST, "ACTION");
        }

        Entry entry(Instant deadline) {
            String detail = ("{\"input\":%s,\"version\":1,\"deadlineAt\":\"%s\",\"definition\":\"order-core\","
                            + "\"businessKey\":\"%s\",\"traceparent\":\"%s\",\"correlationId\":\"%s\"}")
                    .formatted(event.body(), deadline, orderId(), event.header("traceparent"), orderId());
            return new Entry(sagaId, "SAGA_STARTED", null, null, event.header("ce_id"), "client:order-service", detail);
        }
    }

    private static Map<String, Moved> move(Database database, Instant now, List<Move> moves) throws SQLException {
        Map<String, Moved> moved = new HashMap<>();
        database.columns(moves)
                .with("text", Move::sagaId)
                .with("text", Move::step)
                .with("text", Move::status)
                .with("text", Move::nextStep)
                .with("text", move -> now)
                .with("text", move -> move.isRefused() ? move.step() : null)
                .with("text", Move::refusal)
                .with("text", Move::repliesJson)
                .with("text", move -> move.stepsJson(now))
                .query(MOVE, row -> moved.put(row.getString(1), new Moved(row.getString(2), row.getString(3))));
        return moved;
    }

    private static void record(Move move, Moved row, Instant now, List<Entry> entries) {
        String participant = "participant:" + move.participant();
        entries.add(new Entry(
                move.sagaId(),
                "REPLY_RECEIVED",
                move.step(),
                move.phase(),
                move.reply().header("ce_id"),
                participant,
                move.detail()));
        if (move.isRefused()) {
            String detail = "{\"reason\":\"" + row.reason() + "\"}";
            entries.add(new Entry(
                    move.sagaId(), "COMPENSATION_STARTED", move.step(), move.phase(), null, "orchestrator", detail));
        }
        if (move.nextStep() == null) {
            String kind = "SAGA_" + move.status();
            entries.add(new Entry(move.sagaId(), kind, null, null, null, "orchestrator", "{}"));
        } else {
            entries.add(sent(move.sagaId(), move.nextStep(), move.nextPhase(), now));
        }
    }

    private static Entry sent(String sagaId, String step, String phase, Instant now) {
        String detail = "{\"dueAt\":\"" + now.plusSeconds(TIMEOUT_SECONDS) + "\"}";
        return new Entry(sagaId, "COMMAND_SENT", step, phase, null, "orchestrator", detail);
    }

    private static void send(Move move, Moved row, Messages messages, List<Message> outgoing) {
        Messages.Step step = move.reply().step();
        if (move.isRefused()) {
            outgoing.add(sagaEvent(messages, "saga.compensating", step, row.reason()));
        }
        if (move.nextStep() == null) {
            boolean completed = move.status().equals("COMPLETED");
            outgoing.add(sagaEvent(messages, completed ? "saga.completed" : "saga.compensated", step, row.reason()));
        } else {
            outgoing.add(move.command(messages, row.input(), row.reason()));
        }
    }

    private static Message sagaEvent(Messages messages, String type, Messages.Step about, @Nullable String reason) {
        String why = reason == null ? "" : ",\"reason\":\"" + reason + "\",\"step\":\"process-payment\"";
        String body =
                "{\"sagaId\":\"%s\",\"definition\":\"order-core\",\"definitionVersion\":1,\"businessKey\":\"%s\"%s}"
                        .formatted(about.sagaId(), about.orderId(), why);
        return messages.event("saga.events", type, about.sagaId(), about.sagaId(), about, body);
    }

    private static void log(Database database, Instant now, List<Entry> entries) throws SQLException {
        database.columns(entries)
                .with("text", Entry::sagaId)
                .with("text", entry -> now)
                .with("text", Entry::kind)
                .with("text", Entry::step)
                .with("text", Entry::phase)
                .with("text", Entry::messageId)
                .with("text", Entry::actor)
                .with("text", Entry::detail)
                .update(LOG);
    }
}
