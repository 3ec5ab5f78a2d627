package dev.counterstep.messaging;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Reads and writes messages: the only place where bytes from a topic become something the rest of the code believes.
 *
 * <p>Decoding needs {@code ce_id}, {@code ce_type} and, for commands and replies, {@code saga-id}, {@code saga-definition},
 * {@code saga-step}, {@code saga-phase}, {@code saga-generation} and {@code saga-attempt}; a reply also {@code saga-outcome};
 * an event {@code ce_source}, {@code ce_subject} and {@code ce_time}. Without {@code correlation-id} the saga id (an event's
 * subject) takes its place. A malformed {@code traceparent} is dropped, as W3C Trace Context asks. Unknown headers are ignored.
 *
 * <p>Whatever the bytes, decoding either returns or throws a {@link PoisonMessageException} whose reason holds no payload.
 * Encoding throws {@link IllegalArgumentException} when what it is given is over a limit, for that is the sender's error.
 *
 * <p>Safe for use by several threads.
 */
public final class MessageCodec {

    private static final Pattern TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

    /** In UTF-8; half a surrogate pair takes less. */
    private static final long MOST_BYTES_OF_A_CHAR = 3;

    private final MessagingProperties.Limits limits;
    private final String source;
    private final Clock clock;
    private final JsonBodies bodies;

    /**
     * @param properties limits, and the {@code ce_source} of what is written
     * @param clock for {@code ce_time}
     */
    public MessageCodec(MessagingProperties properties, Clock clock) {
        this.limits = properties.limits();
        this.source = "/" + properties.source();
        this.clock = clock;
        this.bodies = new JsonBodies(limits);
    }

    /** Takes a record over as it is. Nothing is judged here, so nothing can fail. */
    public static InboundMessage inbound(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            byte[] value = header.value();
            if (value != null) {
                headers.put(header.key(), new String(value, UTF_8));
            }
        }
        String key = record.key() == null ? null : new String(record.key(), UTF_8);
        return new InboundMessage(record.topic(), record.partition(), record.offset(), key, headers, record.value());
    }

    /**
     * Reads a command.
     *
     * @throws PoisonMessageException when it is not one
     */
    public Command decodeCommand(InboundMessage message) {
        checkHeaders(message);
        return new Command(
                id(message, MessageHeaders.CE_ID),
                id(message, MessageHeaders.CE_TYPE),
                decodeSagaHeaders(message),
                correlationId(message, id(message, MessageHeaders.SAGA_ID)),
                traceparent(message),
                bodies.check(message.body()));
    }

    /**
     * Reads a reply.
     *
     * @throws PoisonMessageException when it is not one
     */
    public Reply decodeReply(InboundMessage message) {
        checkHeaders(message);
        return new Reply(
                id(message, MessageHeaders.CE_ID),
                id(message, MessageHeaders.CE_TYPE),
                decodeSagaHeaders(message),
                constant(message, MessageHeaders.SAGA_OUTCOME, OutcomeKind.class),
                reason(message),
                retryAfter(message),
                correlationId(message, id(message, MessageHeaders.SAGA_ID)),
                traceparent(message),
                bodies.check(message.body()));
    }

    /**
     * Reads an event.
     *
     * @throws PoisonMessageException when it is not one
     */
    public Event decodeEvent(InboundMessage message) {
        checkHeaders(message);
        String subject = id(message, MessageHeaders.CE_SUBJECT);
        return new Event(
                id(message, MessageHeaders.CE_ID),
                id(message, MessageHeaders.CE_TYPE),
                id(message, MessageHeaders.CE_SOURCE),
                subject,
                instant(MessageHeaders.CE_TIME, required(message, MessageHeaders.CE_TIME)),
                correlationId(message, subject),
                traceparent(message),
                bodies.check(message.body()));
    }

    /**
     * Reads only the saga coordinates: enough to answer a command that is poison otherwise.
     *
     * @throws PoisonMessageException when one is missing or malformed
     */
    public SagaHeaders decodeSagaHeaders(InboundMessage message) {
        String expiresAt = message.headers().get(MessageHeaders.SAGA_EXPIRES_AT);
        return new SagaHeaders(
                uuid(message, MessageHeaders.SAGA_ID),
                id(message, MessageHeaders.SAGA_DEFINITION),
                id(message, MessageHeaders.SAGA_STEP),
                constant(message, MessageHeaders.SAGA_PHASE, Phase.class),
                ordinal(message, MessageHeaders.SAGA_GENERATION),
                ordinal(message, MessageHeaders.SAGA_ATTEMPT),
                expiresAt == null ? null : instant(MessageHeaders.SAGA_EXPIRES_AT, expiresAt),
                replyTo(message));
    }

    /** Writes a command. */
    public OutboundMessage encode(Command command, String topic, String key) {
        Map<String, String> headers = cloudEvent(
                command.id(),
                command.type(),
                source,
                clock.instant(),
                command.saga().sagaId().toString());
        putTrace(headers, command.correlationId(), command.traceparent());
        putSaga(headers, command.saga());
        return outbound(topic, key, headers, command.body());
    }

    /** Writes a reply; its key is the saga id. A reason longer than a header may be is cut. */
    public OutboundMessage encode(Reply reply, String topic) {
        String sagaId = reply.saga().sagaId().toString();
        Map<String, String> headers = cloudEvent(reply.id(), reply.type(), source, clock.instant(), sagaId);
        putTrace(headers, reply.correlationId(), reply.traceparent());
        putSaga(headers, reply.saga());
        headers.put(MessageHeaders.SAGA_OUTCOME, reply.outcome().name());
        if (reply.reason() != null) {
            headers.put(MessageHeaders.SAGA_REASON, DeadLetters.cut(reply.reason(), limits.headerValue()));
        }
        if (reply.retryAfter() != null) {
            headers.put(MessageHeaders.SAGA_RETRY_AFTER, reply.retryAfter().toString());
        }
        return outbound(topic, sagaId, headers, reply.body());
    }

    /** Writes an event. */
    public OutboundMessage encode(Event event, String topic, String key) {
        Map<String, String> headers =
                cloudEvent(event.id(), event.type(), event.source(), event.time(), event.subject());
        putTrace(headers, event.correlationId(), event.traceparent());
        return outbound(topic, key, headers, event.body());
    }

    /**
     * Writes the dead letter of a message that cannot be handled: to {@code <topic>.dlt}, under its key, with its body and its
     * headers, and with {@code dlt-*} headers that say why and where it was. Never fails: what PostgreSQL or the outbox could
     * not store is replaced or cut, and {@code dlt-cut} then names the original size; the original rests at its offset.
     */
    public OutboundMessage deadLetter(InboundMessage message, PoisonMessageException why) {
        return DeadLetters.of(message, why);
    }

    /**
     * Reads a body into a record. Unknown properties are ignored; a missing one is refused unless the component is
     * {@code @Nullable}; nothing is coerced.
     *
     * @throws PoisonMessageException when it does not fit
     */
    public <T> T read(byte[] body, Class<T> type) {
        return bodies.read(body, type);
    }

    /**
     * Reads a body into maps, lists, strings, booleans, Integer/Long/BigInteger, BigDecimal and null.
     *
     * @throws PoisonMessageException when it is not a JSON object within the limits
     */
    public Map<String, Object> readObject(byte[] body) {
        return bodies.readObject(body);
    }

    /** Whether PostgreSQL can store a text: it has no {@code \u0000} and no half surrogate pair. */
    public static boolean isStorable(String text) {
        return JsonBodies.isStorable(text);
    }

    /** Writes a value as JSON, UTF-8. */
    public byte[] write(Object value) {
        return bodies.write(value);
    }

    private void checkHeaders(InboundMessage message) {
        if (message.headers().size() > limits.headers()) {
            throw new PoisonMessageException(
                    "too-big",
                    "the message has %d headers, at most %d are allowed"
                            .formatted(message.headers().size(), limits.headers()));
        }
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            if (isLongerThan(limits.headerValue().toBytes(), header.getValue())) {
                throw new PoisonMessageException(
                        "too-big",
                        "a header value has more than %d bytes"
                                .formatted(limits.headerValue().toBytes()));
            }
        }
        String version = message.headers().getOrDefault(MessageHeaders.CE_SPECVERSION, "1.0");
        if (!version.equals("1.0")) {
            throw bad(MessageHeaders.CE_SPECVERSION, "1.0");
        }
        String contentType = message.headers().getOrDefault(MessageHeaders.CONTENT_TYPE, "application/json");
        if (!contentType.startsWith("application/json")) {
            throw bad(MessageHeaders.CONTENT_TYPE, "application/json");
        }
    }

    /** Counting is for the few that may be too long. */
    private static boolean isLongerThan(long mostBytes, String text) {
        return text.length() * MOST_BYTES_OF_A_CHAR > mostBytes && text.getBytes(UTF_8).length > mostBytes;
    }

    private static String required(InboundMessage message, String name) {
        String value = message.headers().get(name);
        if (value == null || value.isEmpty()) {
            throw new PoisonMessageException("missing-header", "header %s is missing".formatted(name));
        }
        return value;
    }

    private String id(InboundMessage message, String name) {
        return checkId(name, required(message, name));
    }

    private String checkId(String name, String value) {
        if (value.length() > limits.idLength() || hasControl(value) || !isStorable(value)) {
            throw bad(
                    name,
                    "text of at most %d characters, none of them a control character".formatted(limits.idLength()));
        }
        return value;
    }

    private static boolean hasControl(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static UUID uuid(InboundMessage message, String name) {
        String value = required(message, name);
        try {
            if (value.length() == 36) {
                return UUID.fromString(value);
            }
        } catch (IllegalArgumentException e) {
            throw bad(name, "a UUID");
        }
        throw bad(name, "a UUID");
    }

    private static <E extends Enum<E>> E constant(InboundMessage message, String name, Class<E> type) {
        String value = required(message, name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value)) {
                return constant;
            }
        }
        throw bad(name, "one of " + Arrays.toString(type.getEnumConstants()));
    }

    private static int ordinal(InboundMessage message, String name) {
        try {
            int value = Integer.parseInt(required(message, name));
            if (value >= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw bad(name, "a whole number from 1");
        }
        throw bad(name, "a whole number from 1");
    }

    private static Instant instant(String name, String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeException e) {
            throw bad(name, "an ISO-8601 instant such as 2026-01-31T12:00:00Z");
        }
    }

    private static @Nullable String replyTo(InboundMessage message) {
        String value = message.headers().get(MessageHeaders.SAGA_REPLY_TO);
        if (value != null && !TOPIC.matcher(value).matches()) {
            throw bad(MessageHeaders.SAGA_REPLY_TO, "a topic name");
        }
        return value;
    }

    private static @Nullable String reason(InboundMessage message) {
        String value = message.headers().get(MessageHeaders.SAGA_REASON);
        return value == null ? null : DeadLetters.storable(value);
    }

    private static @Nullable Duration retryAfter(InboundMessage message) {
        String value = message.headers().get(MessageHeaders.SAGA_RETRY_AFTER);
        if (value == null) {
            return null;
        }
        try {
            Duration duration = Duration.parse(value);
            if (!duration.isNegative() && duration.compareTo(LONGEST_RETRY_AFTER) <= 0) {
                return duration;
            }
        } catch (DateTimeException e) {
            throw bad(MessageHeaders.SAGA_RETRY_AFTER, "an ISO-8601 duration from PT0S to P1D");
        }
        throw bad(MessageHeaders.SAGA_RETRY_AFTER, "an ISO-8601 duration from PT0S to P1D");
    }

    private String correlationId(InboundMessage message, String otherwise) {
        String value = message.headers().get(MessageHeaders.CORRELATION_ID);
        return value == null || value.isEmpty() ? otherwise : checkId(MessageHeaders.CORRELATION_ID, value);
    }

    private static @Nullable String traceparent(InboundMessage message) {
        String value = message.headers().get(MessageHeaders.TRACEPARENT);
        return value != null && TRACEPARENT.matcher(value).matches() ? value : null;
    }

    private static PoisonMessageException bad(String header, String expected) {
        return new PoisonMessageException("bad-header", "header %s must be %s".formatted(header, expected));
    }

    private static Map<String, String> cloudEvent(String id, String type, String source, Instant time, String subject) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(MessageHeaders.CE_SPECVERSION, "1.0");
        headers.put(MessageHeaders.CE_ID, id);
        headers.put(MessageHeaders.CE_TYPE, type);
        headers.put(MessageHeaders.CE_SOURCE, source);
        headers.put(MessageHeaders.CE_TIME, time.toString());
        headers.put(MessageHeaders.CE_SUBJECT, subject);
        headers.put(MessageHeaders.CONTENT_TYPE, "application/json");
        return headers;
    }

    private static void putTrace(Map<String, String> headers, String correlationId, @Nullable String traceparent) {
        headers.put(MessageHeaders.CORRELATION_ID, correlationId);
        if (traceparent != null) {
            headers.put(MessageHeaders.TRACEPARENT, traceparent);
        }
    }

    private static void putSaga(Map<String, String> headers, SagaHeaders saga) {
        headers.put(MessageHeaders.SAGA_ID, saga.sagaId().toString());
        headers.put(MessageHeaders.SAGA_DEFINITION, saga.definition());
        headers.put(MessageHeaders.SAGA_STEP, saga.step());
        headers.put(MessageHeaders.SAGA_PHASE, saga.phase().name());
        headers.put(MessageHeaders.SAGA_GENERATION, Integer.toString(saga.generation()));
        headers.put(MessageHeaders.SAGA_ATTEMPT, Integer.toString(saga.attempt()));
        if (saga.expiresAt() != null) {
            headers.put(MessageHeaders.SAGA_EXPIRES_AT, saga.expiresAt().toString());
        }
        if (saga.replyTo() != null) {
            headers.put(MessageHeaders.SAGA_REPLY_TO, saga.replyTo());
        }
    }

    private OutboundMessage outbound(String topic, String key, Map<String, String> headers, byte[] body) {
        if (body.length > limits.body().toBytes()) {
            throw new IllegalArgumentException("a message to %s has a body of %d bytes, at most %d are allowed"
                    .formatted(topic, body.length, limits.body().toBytes()));
        }
        return new OutboundMessage(topic, key, headers, body);
    }
}
