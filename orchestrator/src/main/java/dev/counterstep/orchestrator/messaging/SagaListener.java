package dev.counterstep.orchestrator.messaging;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.stereotype.Component;

import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.orchestrator.runtime.Arrival;
import dev.counterstep.orchestrator.runtime.SagaCoordinator;

/**
 * Hands all that was polled together to the coordinator: one batch, one transaction. The offsets follow once it is committed;
 * should that fail, the batch comes again and changes nothing.
 */
@Component
class SagaListener implements BatchMessageListener<byte[], byte[]> {

    private final ArrivalReader reader;
    private final SagaCoordinator coordinator;

    SagaListener(ArrivalReader reader, SagaCoordinator coordinator) {
        this.reader = reader;
        this.coordinator = coordinator;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Arrival> arrivals = new ArrayList<>(records.size());
        records.forEach(record -> arrivals.addAll(reader.read(MessageCodec.inbound(record))));
        coordinator.handle(arrivals);
    }
}
