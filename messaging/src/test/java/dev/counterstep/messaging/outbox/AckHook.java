package dev.counterstep.messaging.outbox;

import java.util.Map;

import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Lets a test act in the moment a row is handed to Kafka, or in the one after its acknowledgement. */
public final class AckHook implements ProducerInterceptor<byte[], byte[]> {

    static final String ON_SEND = "test.on-send";
    static final String ON_ACK = "test.on-ack";

    private Runnable onSend = () -> {};
    private Runnable onAck = () -> {};

    @Override
    public void configure(Map<String, ?> settings) {
        onSend = settings.get(ON_SEND) instanceof Runnable hook ? hook : onSend;
        onAck = settings.get(ON_ACK) instanceof Runnable hook ? hook : onAck;
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> row) {
        onSend.run();
        return row;
    }

    @Override
    public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        onAck.run();
    }

    @Override
    public void close() {}
}
