package dev.counterstep.benchmark.floor;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Rows of the outbox: inserted with what they announce, sent from memory once that is committed, and deleted in the transaction
 * that comes next, by when they are acknowledged. For one thread.
 */
final class FloorOutbox {

    private static final String APPEND = """
            INSERT INTO outbox (topic, message_key, headers, body)
            SELECT topic, message_key, headers, body
            FROM unnest(?::text[], ?::text[], ?::json[], ?::bytea[]) AS m (topic, message_key, headers, body)
            RETURNING id
            """;

    private static final String REMOVE = "DELETE FROM outbox WHERE id = ANY (?::bigint[])";

    private final Database database;
    private final Producer<byte[], byte[]> producer;
    private List<Long> appended = List.of();
    private List<Long> sent = List.of();
    private final List<Future<RecordMetadata>> acknowledgements = new ArrayList<>();

    FloorOutbox(Database database, Producer<byte[], byte[]> producer) {
        this.database = database;
        this.producer = producer;
    }

    /** Deletes what was sent before and appends what is to be sent next, in the transaction that is open. */
    void exchange(List<Message> messages) throws SQLException, InterruptedException, ExecutionException {
        removeSent();
        appended = database.columns(messages)
                .with("text", Message::topic)
                .with("text", Message::key)
                .with("text", Message::headersAsJson)
                .withBytes(message -> message.body().getBytes(UTF_8))
                .query(APPEND, row -> row.getLong(1));
    }

    /** To be called once the transaction is committed. Does not wait. */
    void send(List<Message> messages) {
        messages.forEach(message -> acknowledgements.add(producer.send(message.asRecord())));
        sent = appended;
        appended = List.of();
    }

    /** Whether something was sent that is not deleted yet. */
    boolean hasSent() {
        return !sent.isEmpty();
    }

    /** Deletes what was sent, in the transaction that is open. */
    void removeSent() throws SQLException, InterruptedException, ExecutionException {
        for (Future<RecordMetadata> acknowledgement : acknowledgements) {
            acknowledgement.get();
        }
        acknowledgements.clear();
        database.columns(sent).with("bigint", id -> id).update(REMOVE);
        sent = List.of();
    }
}
