package dev.counterstep.orchestrator.saga;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One line of the saga log: what happened, and all that the instance learned from it.
 *
 * @param at when it was decided
 * @param kind what happened
 * @param coordinates the step it happened to; null when it happened to the saga as a whole
 * @param messageId the message that caused it; null when none did
 * @param actor who did it: {@code orchestrator}, {@code participant:<name>}, {@code operator:<user>}, {@code client:<source>}
 * @param detail what it brought, a JSON object whose fields are named in {@link Detail}
 */
public record SagaLogEntry(
        Instant at,
        LogKind kind,
        @Nullable Coordinates coordinates,
        @Nullable String messageId,
        String actor,
        Map<String, Object> detail) {

    /** The actor of all that the orchestrator does of its own accord. */
    public static final String ORCHESTRATOR = "orchestrator";

    /**
     * Which command of a saga is meant.
     *
     * @param step the step
     * @param phase its phase; null when the entry is about the step as a whole
     * @param generation 1-based
     * @param attempt 0 when nothing was sent yet
     */
    public record Coordinates(String step, @Nullable Phase phase, int generation, int attempt) {}

    /** The field names of {@link #detail}. Instants are ISO-8601 text. */
    public static final class Detail {
        public static final String DEFINITION = "definition";
        public static final String VERSION = "version";
        public static final String BUSINESS_KEY = "businessKey";
        public static final String INPUT = "input";
        public static final String CORRELATION_ID = "correlationId";
        public static final String TRACEPARENT = "traceparent";
        public static final String DEADLINE_AT = "deadlineAt";
        public static final String DUE_AT = "dueAt";
        public static final String OUTCOME = "outcome";
        public static final String REASON = "reason";
        public static final String DATA = "data";

        /** True when no attempt is left. */
        public static final String EXHAUSTED = "exhausted";

        /** True when IN_PROGRESS gave less than a full timeout, because its attempt is too old. */
        public static final String CAPPED = "capped";

        /** What was asked for: one of the five below. */
        public static final String ACTION = "action";

        public static final String REPLAY = "replay";
        public static final String COMPENSATE = "compensate";
        public static final String SKIP = "skip";
        public static final String ABANDON = "abandon";
        public static final String CANCEL = "cancel";
        /** Why what was asked for was not done; absent when it was. */
        public static final String REFUSED = "refused";

        private Detail() {}
    }

    /** The step of the coordinates. */
    String step() {
        return where().step();
    }

    /**
     * The coordinates of an entry that must have some.
     *
     * @throws IllegalStateException when the entry is about the saga as a whole
     */
    Coordinates where() {
        if (coordinates == null) {
            throw new IllegalStateException(kind + " without a step");
        }
        return coordinates;
    }

    /** A text field of the detail, null when absent. */
    @Nullable
    String text(String field) {
        Object value = detail.get(field);
        return value == null ? null : value.toString();
    }

    /** An instant field of the detail, null when absent. */
    @Nullable
    Instant instant(String field) {
        String value = text(field);
        return value == null ? null : Instant.parse(value);
    }

    boolean isTrue(String field) {
        return Boolean.TRUE.equals(detail.get(field));
    }
}
