package dev.counterstep.orchestrator.messaging;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.stereotype.Component;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.MessageHeaders;
import dev.counterstep.orchestrator.persistence.DeadLetterStore;
import dev.counterstep.orchestrator.persistence.DeadLetterStore.DeadLetter;
import dev.counterstep.orchestrator.persistence.DeadLetterStore.Origin;
import dev.counterstep.storage.TimeOrderedIds;

/**
 * Keeps dead letters where operators see them. Anybody may have written one: what the table could not hold is cut, and a letter
 * that still does not fit stays in its topic, with a line in our log.
 */
@Component
class DeadLetterListener implements BatchMessageListener<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterListener.class);

    private static final int MOST_KEY_CHARS = 256;
    private static final int MOST_CODE_CHARS = 64;
    private static final int MOST_REASON_CHARS = 4_096;

    private final DeadLetterStore store;
    private final TimeOrderedIds ids;

    DeadLetterListener(DeadLetterStore store, TimeOrderedIds ids) {
        this.store = store;
        this.ids = ids;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
        List<DeadLetter> letters =
                records.stream().map(MessageCodec::inbound).map(this::letter).toList();
        try {
            store.insert(letters);
        } catch (DataIntegrityViolationException e) {
            letters.forEach(this::insertAlone);
        }
    }

    private void insertAlone(DeadLetter letter) {
        try {
            store.insert(List.of(letter));
        } catch (DataIntegrityViolationException e) {
            LOG.error("a dead letter on {} does not fit its table and stays in its topic only", letter.topic(), e);
        }
    }

    private DeadLetter letter(InboundMessage message) {
        Map<String, String> headers = new LinkedHashMap<>();
        message.headers().forEach((name, value) -> headers.put(storable(name), storable(value)));
        String key = message.key();
        byte[] body = message.body();
        return new DeadLetter(
                ids.next(),
                message.topic(),
                key == null ? null : cut(storable(key), MOST_KEY_CHARS),
                headers,
                body == null ? new byte[0] : body,
                cut(textOr(headers.get(MessageHeaders.DLT_CODE), "unknown"), MOST_CODE_CHARS),
                cut(textOr(headers.get(MessageHeaders.DLT_REASON), "its headers do not tell"), MOST_REASON_CHARS),
                origin(headers));
    }

    private static @Nullable Origin origin(Map<String, String> headers) {
        String topic = headers.get(MessageHeaders.DLT_TOPIC);
        String partition = headers.get(MessageHeaders.DLT_PARTITION);
        String offset = headers.get(MessageHeaders.DLT_OFFSET);
        if (topic == null || partition == null || offset == null) {
            return null;
        }
        try {
            return new Origin(topic, Integer.parseUnsignedInt(partition), Long.parseUnsignedLong(offset));
        } catch (NumberFormatException e) {
            return null; // not one of ours: it is kept, and cannot be recognised should it come again
        }
    }

    private static String textOr(@Nullable String text, String otherwise) {
        return text == null || text.isBlank() ? otherwise : text;
    }

    /** PostgreSQL stores no {@code \u0000}; halves of surrogate pairs cannot come out of UTF-8. */
    private static String storable(String text) {
        return text.replace('\0', ' ');
    }

    private static String cut(String text, int chars) {
        if (text.length() <= chars) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars);
    }
}
