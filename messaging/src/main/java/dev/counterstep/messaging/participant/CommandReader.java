package dev.counterstep.messaging.participant;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.PoisonMessageException;

/** Reads a polled batch: what can be handled, and what is set aside before any handler or the inbox sees it. */
final class CommandReader {

    /** A command of generation n enters up to n+1 inbox rows. Operators replay a step a few times, not a hundred. */
    static final int MOST_GENERATIONS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(CommandReader.class);

    private final MessageCodec codec;
    private final CommandHandlers handlers;
    private final Replies replies;
    private final Clock clock;
    private final ParticipantMetrics metrics;

    CommandReader(
            MessageCodec codec, CommandHandlers handlers, Replies replies, Clock clock, ParticipantMetrics metrics) {
        this.codec = codec;
        this.handlers = handlers;
        this.replies = replies;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * A batch, read.
     *
     * @param commands what can be handled, in the order it came
     * @param setAside the dead letters of poison, and the replies to poison and to what has expired
     */
    record Batch(List<IncomingCommand> commands, List<OutboundMessage> setAside) {}

    Batch read(List<ConsumerRecord<byte[], byte[]>> records) {
        Batch batch = new Batch(new ArrayList<>(records.size()), new ArrayList<>());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            InboundMessage message = MessageCodec.inbound(record);
            try {
                sort(understand(message), batch);
            } catch (PoisonMessageException e) {
                setAside(message, e, batch);
            }
        }
        return batch;
    }

    private IncomingCommand understand(InboundMessage message) {
        Command command = codec.decodeCommand(message);
        if (command.saga().generation() > MOST_GENERATIONS) {
            throw new PoisonMessageException(
                    "bad-header", "header saga-generation must be at most " + MOST_GENERATIONS);
        }
        CommandHandler handler = handlers.find(command.type());
        if (handler == null) {
            throw new PoisonMessageException("unknown-type", "no handler for this type of command here");
        }
        return new IncomingCommand(message, command, handler, handler.read(command, codec));
    }

    private void sort(IncomingCommand incoming, Batch batch) {
        Instant expiresAt = incoming.command().saga().expiresAt();
        boolean action = incoming.command().saga().phase() == Phase.ACTION;
        if (action && expiresAt != null && !clock.instant().isBefore(expiresAt)) {
            Answer expired = replies.answer(
                    incoming.handler(), Outcome.retryable("EXPIRED: the command came after " + expiresAt));
            batch.setAside().add(replies.reply(incoming, expired));
            metrics.answered(incoming.command().type(), expired.outcome(), ParticipantMetrics.Cause.EXPIRED);
        } else {
            batch.commands().add(incoming);
        }
    }

    private void setAside(InboundMessage message, PoisonMessageException why, Batch batch) {
        LOG.warn(
                "{}-{}@{} goes to the dead letters: {}: {}",
                message.topic(),
                message.partition(),
                message.offset(),
                why.code(),
                why.reason());
        batch.setAside().add(replies.deadLetter(message, why));
        replies.reply(message, why).ifPresent(batch.setAside()::add);
        metrics.deadLetter(why.code());
    }
}
