package dev.counterstep.order.notification;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

import static dev.counterstep.storage.Columns.texts;

/** The statement by which notifications are stored. Works in the caller's transaction. */
@Repository
class NotificationStore {

    // In the order of the messages' ids, so that two instances that read the same ones never wait for each other in a
    // circle.
    private static final String INSERT_IF_ABSENT = """
            INSERT INTO notification (id, order_id, customer_id, priority, text, message_id, created_at)
            SELECT id, order_id, customer_id, priority, text, message_id, ?::timestamptz
            FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[])
                AS delivered (id, order_id, customer_id, priority, text, message_id)
            ORDER BY message_id, id
            ON CONFLICT (message_id) DO NOTHING
            """;

    private final JdbcTemplate jdbc;

    NotificationStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A message that was delivered.
     *
     * @param id of its row: the newest has the highest
     * @param notice what the customer is told
     * @param messageId the same when the message comes again
     */
    record Delivered(UUID id, Notice notice, String messageId) {}

    /** Stores messages, each once: when one comes again, nothing happens. */
    void insertIfAbsent(List<Delivered> messages, Instant now) {
        if (!messages.isEmpty()) {
            jdbc.update(
                    INSERT_IF_ABSENT,
                    now.toString(),
                    texts(messages, Delivered::id),
                    texts(messages, message -> message.notice().orderId()),
                    texts(messages, message -> message.notice().customerId()),
                    texts(messages, message -> message.notice().priority()),
                    texts(messages, message -> message.notice().text()),
                    texts(messages, Delivered::messageId));
        }
    }
}
