package dev.counterstep.messaging.participant;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.MessageHeaders;
import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.messaging.Reply;
import dev.counterstep.messaging.SagaHeaders;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Words a participant's answers and addresses them. */
final class Replies {

    static final String LATE_REASON = "late action: its compensation or a later generation came first";

    private static final String TOPIC_SUFFIX = ".replies";
    private static final int MOST_REASON_CHARS = 1000;
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

    private final MessageCodec codec;
    private final String participant;

    Replies(MessageCodec codec, String participant) {
        this.codec = codec;
        this.participant = participant;
    }

    /** What a handler's outcome is answered. */
    Answer answer(CommandHandler handler, Outcome outcome) {
        boolean succeeded = outcome.kind() == OutcomeKind.SUCCEEDED;
        byte[] body = codec.write(outcome.data());
        if (body.length == 0 || body[0] != '{') {
            throw new IllegalStateException(handler + " answered with data that is not a JSON object");
        }
        return new Answer(
                outcome.kind(),
                succeeded ? handler.types().success() : handler.types().failure(),
                outcome.kind() == OutcomeKind.REJECTED && outcome.reason() == null
                        ? "no reason given"
                        : clean(outcome.reason()),
                outcome.retryAfter() == null ? null : clamp(outcome.retryAfter()),
                body);
    }

    /** What a command is answered that failed with this. */
    Answer failure(CommandHandler handler, Throwable failure) {
        if (failure instanceof RetryableException retryable) {
            return answer(handler, retryable.outcome());
        }
        if (failure instanceof PoisonMessageException poison) {
            return answer(handler, Outcome.retryable(poison.reason()));
        }
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return answer(
                handler, Outcome.retryable("%s: %s".formatted(cause.getClass().getSimpleName(), message)));
    }

    /** What an action is answered that is barred. */
    Answer late(CommandHandler handler) {
        return answer(handler, Outcome.rejected(LATE_REASON));
    }

    /** The reply that carries an answer to whoever sent the command. */
    OutboundMessage reply(IncomingCommand incoming, Answer answer) {
        return reply(
                incoming.command().saga(),
                incoming.command().correlationId(),
                incoming.command().traceparent(),
                answer);
    }

    /** The reply to a command that is poison; empty when not even its saga headers can be read. */
    Optional<OutboundMessage> reply(InboundMessage poison, PoisonMessageException why) {
        SagaHeaders saga;
        try {
            saga = codec.decodeSagaHeaders(poison);
        } catch (PoisonMessageException e) {
            return Optional.empty();
        }
        Answer answer = new Answer(
                OutcomeKind.RETRYABLE, participant + ".failed", clean(why.reason()), null, codec.write(Map.of()));
        String correlationId = poison.headers().get(MessageHeaders.CORRELATION_ID);
        return Optional.of(
                reply(saga, correlationId == null ? saga.sagaId().toString() : clean(correlationId), null, answer));
    }

    /** The dead letter of a command. */
    OutboundMessage deadLetter(InboundMessage message, PoisonMessageException why) {
        return codec.deadLetter(message, why);
    }

    /** The topics of a participant: where commands are read, where they are answered, and their dead letters. */
    static List<String> topics(String participant) {
        return List.of(
                participant + ".commands",
                participant + ".commands.dlt",
                participant + TOPIC_SUFFIX,
                participant + TOPIC_SUFFIX + ".dlt");
    }

    private OutboundMessage reply(
            SagaHeaders saga, @Nullable String correlationId, @Nullable String traceparent, Answer answer) {
        String replyTo = saga.replyTo();
        return codec.encode(
                new Reply(
                        id(saga, answer),
                        answer.type(),
                        saga,
                        answer.outcome(),
                        answer.reason(),
                        answer.retryAfter(),
                        String.valueOf(correlationId),
                        traceparent,
                        answer.body()),
                replyTo != null && replyTo.endsWith(TOPIC_SUFFIX) ? replyTo : participant + TOPIC_SUFFIX);
    }

    /** The same answer to the same attempt is the same reply, however often it is sent. */
    private static String id(SagaHeaders saga, Answer answer) {
        String name = "%s:%d:%s".formatted(saga.commandId(), saga.attempt(), answer.outcome());
        return UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
    }

    private static Duration clamp(Duration retryAfter) {
        if (retryAfter.isNegative()) {
            return Duration.ZERO;
        }
        return retryAfter.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : retryAfter;
    }

    /** One line that PostgreSQL and a header can hold. */
    private static @Nullable String clean(@Nullable String reason) {
        if (reason == null) {
            return null;
        }
        String line = reason.replaceAll("\\p{Cntrl}", " ").strip();
        return line.codePointCount(0, line.length()) <= MOST_REASON_CHARS
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MOST_REASON_CHARS));
    }
}
