package dev.counterstep.messaging.participant;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Handles a polled batch of commands. Returns when the effect, the inbox row and the reply of each are committed; only then
 * are the offsets. If it throws, the whole batch comes again, which the barrier makes harmless.
 *
 * <ol>
 *   <li>Read all; poison and what has expired is set aside: dead letters and replies, in one transaction.
 *   <li>Split the rest into rounds, so that a saga's commands come one after the other, in their order.
 *   <li>Per round one transaction: barrier, handlers, inbox, outbox. Within a round commands run in the order of their keys,
 *       so that two instances lock what the keys name in the same order.
 *   <li>A round with external calls makes them after its commit, and records their outcomes in a second transaction.
 * </ol>
 */
final class CommandListener implements BatchMessageListener<byte[], byte[]> {

    private final CommandReader reader;
    private final RoundProcessor processor;
    private final ParticipantMetrics metrics;

    CommandListener(CommandReader reader, RoundProcessor processor, ParticipantMetrics metrics) {
        this.reader = reader;
        this.processor = processor;
        this.metrics = metrics;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
        try {
            metrics.batch(records.size(), () -> process(records));
        } catch (Error e) {
            // The container ends its thread on an Error, and the partition would stand still unnoticed.
            throw new IllegalStateException("a batch of commands failed", e);
        }
    }

    private void process(List<ConsumerRecord<byte[], byte[]>> records) {
        CommandReader.Batch batch = reader.read(records);
        processor.publish(batch.setAside());
        rounds(batch.commands()).forEach(processor::process);
    }

    /** The n-th command of each saga goes into the n-th round. */
    static List<List<IncomingCommand>> rounds(List<IncomingCommand> commands) {
        List<List<IncomingCommand>> rounds = new ArrayList<>();
        Map<UUID, Integer> seen = new HashMap<>();
        for (IncomingCommand command : commands) {
            int round = seen.merge(command.key().sagaId(), 1, Integer::sum) - 1;
            if (round == rounds.size()) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round).add(command);
        }
        rounds.forEach(round -> round.sort(Comparator.comparing(IncomingCommand::lockOrder)));
        return rounds;
    }
}
