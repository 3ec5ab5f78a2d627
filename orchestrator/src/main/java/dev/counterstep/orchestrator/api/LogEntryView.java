package dev.counterstep.orchestrator.api;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.persistence.LoggedEntry;
import dev.counterstep.orchestrator.saga.LogKind;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaLogEntry.Coordinates;

/**
 * A line of a saga's log.
 *
 * @param seq its place: grows, with gaps
 * @param at when it was decided
 * @param kind what happened
 * @param step the step it happened to; null when it happened to the whole saga
 * @param phase action or compensation; null when it is not about one of them
 * @param generation of the command; null when it is not about a step
 * @param attempt of the command; null when it is not about a step
 * @param messageId the message that caused it; null when none did
 * @param actor who did it
 * @param detail what it brought
 */
record LogEntryView(
        long seq,
        Instant at,
        LogKind kind,
        @Nullable String step,
        @Nullable Phase phase,
        @Nullable Integer generation,
        @Nullable Integer attempt,
        @Nullable String messageId,
        String actor,
        Map<String, Object> detail) {

    static LogEntryView of(LoggedEntry logged) {
        SagaLogEntry entry = logged.entry();
        Coordinates where = entry.coordinates();
        return new LogEntryView(
                logged.seq(),
                entry.at(),
                entry.kind(),
                where == null ? null : where.step(),
                where == null ? null : where.phase(),
                where == null ? null : Integer.valueOf(where.generation()),
                where == null ? null : Integer.valueOf(where.attempt()),
                entry.messageId(),
                entry.actor(),
                entry.detail());
    }
}
