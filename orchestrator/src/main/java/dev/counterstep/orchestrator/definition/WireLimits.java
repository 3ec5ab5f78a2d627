package dev.counterstep.orchestrator.definition;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.MessagingProperties;
import dev.counterstep.orchestrator.saga.ExpressionException;

/**
 * What the body of a command may measure: the limits of the wire protocol. They are checked where a body is made, so that one
 * which cannot be sent is a step that failed, and not a message that nobody reads.
 *
 * @param bytes the most bytes of its JSON
 * @param depth the deepest nesting of its JSON
 */
record WireLimits(long bytes, int depth) {

    /** Those of a process whose settings say nothing else. */
    static final WireLimits STANDARD = new WireLimits(64 * 1024, 32);

    /** The characters of JSON that stand for one of a text, at most: {@code \u001f}. */
    private static final long LONGEST_ESCAPE = 6;

    /** Quotes, comma and colon, a sign, a point and an exponent: what comes to a value at most. */
    private static final long MOST_AROUND_A_VALUE = 24;

    static WireLimits of(MessagingProperties.Limits limits) {
        return new WireLimits(limits.body().toBytes(), limits.depth());
    }

    /**
     * Refuses a body that cannot be sent.
     *
     * @param command names the command in the error
     * @throws ExpressionException when it is too large, nests too deep, or has a text that PostgreSQL cannot store
     */
    void check(String command, Map<String, Object> body) {
        // Writing JSON only to measure it is for those that may be too large.
        if (mostBytes(command, body, 1) <= bytes) {
            return;
        }
        long size = JsonMapper.shared().writeValueAsBytes(body).length;
        if (size > bytes) {
            throw new ExpressionException(
                    "%s has a body of %d bytes, at most %d can be sent".formatted(command, size, bytes));
        }
    }

    /** No less than the bytes of its JSON. */
    private long mostBytes(String command, @Nullable Object value, int level) {
        if (value instanceof Map<?, ?> map) {
            requireDepth(command, level);
            return map.entrySet().stream()
                            .mapToLong(field -> mostBytes(command, field.getKey(), level)
                                    + mostBytes(command, field.getValue(), level + 1))
                            .sum()
                    + MOST_AROUND_A_VALUE;
        }
        if (value instanceof Collection<?> list) {
            requireDepth(command, level);
            return list.stream()
                            .mapToLong(item -> mostBytes(command, item, level + 1))
                            .sum()
                    + MOST_AROUND_A_VALUE;
        }
        if (value instanceof String text) {
            requireStorable(command, text);
            return MOST_AROUND_A_VALUE + LONGEST_ESCAPE * text.length();
        }
        if (value instanceof BigDecimal number) {
            return MOST_AROUND_A_VALUE + number.precision();
        }
        return MOST_AROUND_A_VALUE + (value instanceof BigInteger number ? number.bitLength() / 3 : 0);
    }

    private void requireDepth(String command, int level) {
        if (level > depth) {
            throw new ExpressionException("%s has a body that nests deeper than %d levels".formatted(command, depth));
        }
    }

    /** @throws ExpressionException when PostgreSQL cannot store the text: it has {@code \u0000}, or half a surrogate pair */
    static void requireStorable(String what, String text) {
        if (!MessageCodec.isStorable(text)) {
            throw new ExpressionException(what + " has a text with \\u0000 or half a surrogate pair in it");
        }
    }
}
