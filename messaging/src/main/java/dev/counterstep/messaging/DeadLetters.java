package dev.counterstep.messaging;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.util.unit.DataSize;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Makes a dead letter of any message, however odd, within what the outbox and a broker with default settings accept. */
final class DeadLetters {

    /** Body and headers together must stay under the broker's {@code message.max.bytes}, 1,048,588 by default. */
    static final int MOST_BODY_BYTES = 1_000_000;

    /** Of the original headers; with our own, and as JSON, they stay under the 64 KiB that the outbox allows. */
    static final int MOST_HEADER_BYTES = 12 * 1024;

    /** What JSON adds to a name and a value. */
    private static final int HEADER_OVERHEAD_BYTES = 16;

    private static final int MOST_KEY_CHARS = 256;
    private static final DataSize MOST_REASON = DataSize.ofBytes(1000);

    private DeadLetters() {}

    static OutboundMessage of(InboundMessage message, PoisonMessageException why) {
        byte[] original = message.body() == null ? new byte[0] : message.body();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(MessageHeaders.DLT_CODE, cut(why.code(), MOST_REASON));
        headers.put(MessageHeaders.DLT_REASON, cut(why.reason(), MOST_REASON));
        headers.put(MessageHeaders.DLT_TOPIC, message.topic());
        headers.put(MessageHeaders.DLT_PARTITION, Integer.toString(message.partition()));
        headers.put(MessageHeaders.DLT_OFFSET, Long.toString(message.offset()));
        if (original.length > MOST_BODY_BYTES) {
            headers.put(MessageHeaders.DLT_CUT, Integer.toString(original.length));
        }
        putOriginal(headers, message.headers());
        return new OutboundMessage(
                message.topic() + ".dlt",
                key(message),
                headers,
                original.length > MOST_BODY_BYTES ? Arrays.copyOf(original, MOST_BODY_BYTES) : original);
    }

    /** A second dead letter of the same message keeps the first one's cause out of the way of its own. */
    private static void putOriginal(Map<String, String> headers, Map<String, String> originals) {
        int room = MOST_HEADER_BYTES;
        for (Map.Entry<String, String> header : originals.entrySet()) {
            String name = storable(header.getKey());
            String value = storable(header.getValue());
            int size = name.getBytes(UTF_8).length + value.getBytes(UTF_8).length + HEADER_OVERHEAD_BYTES;
            if (size <= room && headers.putIfAbsent(name, value) == null) {
                room -= size;
            }
        }
    }

    private static String key(InboundMessage message) {
        String key = message.key();
        if (key == null) {
            return message.partition() + ":" + message.offset();
        }
        String text = storable(key);
        return text.length() <= MOST_KEY_CHARS ? text : storable(text.substring(0, MOST_KEY_CHARS));
    }

    /** The text with every control character as a space and every half surrogate pair as U+FFFD. */
    static String storable(String text) {
        StringBuilder storable = new StringBuilder(text.length());
        text.codePoints().forEach(point -> storable.appendCodePoint(clean(point)));
        return storable.toString();
    }

    private static int clean(int point) {
        if (Character.isISOControl(point)) {
            return ' ';
        }
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point;
    }

    /** The text, storable, and cut at the end when it has more bytes than that. */
    static String cut(String text, DataSize most) {
        String storable = storable(text);
        byte[] bytes = storable.getBytes(UTF_8);
        if (bytes.length <= most.toBytes()) {
            return storable;
        }
        int length = (int) most.toBytes();
        while ((bytes[length] & 0xC0) == 0x80) {
            length--; // never within a character
        }
        return new String(bytes, 0, length, UTF_8);
    }
}
