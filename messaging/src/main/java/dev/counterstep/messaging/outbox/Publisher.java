package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.ProducerFactory;

import dev.counterstep.messaging.OutboundMessage;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Sends rows to Kafka, pipelined, and keeps the topics apart: one that cannot take messages holds up no other.
 *
 * <p>Each topic has a {@link Lane}. It takes rows only when the topic's metadata is known, for otherwise {@code send} would
 * block; a thread of its own asks for it. What a lane was given settles as a whole. A lane with a failure rests for the
 * backoff and then asks for metadata again. What a lane leaves unsent stays in the outbox, where the next read finds it.
 *
 * <p>Part of the relay's state; callbacks of other threads come through the mailbox.
 */
final class Publisher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private final ProducerFactory<byte[], byte[]> producers;
    private final Duration backoff;
    private final Executor mailbox;
    private final Consumer<List<Long>> acknowledged;
    private final RelayMetrics metrics;
    private final ExecutorService metadata;
    private final Map<String, Lane> lanes = new HashMap<>();
    private int sending;
    private boolean opened;
    private boolean suspect;

    /**
     * @param producers makes the one producer, and a new one when it has failed
     * @param backoff how long a lane rests after a failure
     * @param mailbox runs what touches the relay's state
     * @param acknowledged hears the ids of rows that the broker has
     * @param metrics counts what was published and what failed
     */
    Publisher(
            ProducerFactory<byte[], byte[]> producers,
            Duration backoff,
            Executor mailbox,
            Consumer<List<Long>> acknowledged,
            RelayMetrics metrics) {
        this.producers = producers;
        this.backoff = backoff;
        this.mailbox = mailbox;
        this.acknowledged = acknowledged;
        this.metrics = metrics;
        this.metadata = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "outbox-relay-metadata");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Topics that can take nothing now. To be asked before each read, by the relay's thread. */
    Set<String> closedTopics() {
        opened = false;
        startAfresh();
        Set<String> closed = new HashSet<>();
        for (Lane lane : lanes.values()) {
            if (lane.state == Lane.State.RESTING && System.nanoTime() - lane.restUntil >= 0) {
                askForMetadata(lane);
            }
            if (lane.state != Lane.State.READY) {
                closed.add(lane.topic);
            }
            lane.late = lane.state == Lane.State.SENDING;
        }
        return closed;
    }

    /**
     * Gives rows to the producer, in order.
     *
     * @return how many rows were left alone, because their topic's metadata is not known yet or cannot be had
     */
    int send(List<OutboxRow> rows) {
        int left = 0;
        for (OutboxRow row : rows) {
            Lane lane = lanes.computeIfAbsent(row.message().topic(), this::open);
            boolean takes = lane.state == Lane.State.READY || lane.state == Lane.State.SENDING;
            if (takes && !lane.refusing) {
                send(lane, row);
            } else {
                left++;
            }
        }
        return left;
    }

    /** Whether everything sent has been acknowledged or has failed. */
    boolean isIdle() {
        return sending == 0;
    }

    /** Whether all that was sent since {@link #closedTopics} was asked has been acknowledged or has failed. */
    boolean isSettled() {
        return lanes.values().stream().noneMatch(lane -> lane.state == Lane.State.SENDING && !lane.late);
    }

    /** Whether every topic takes rows. */
    boolean isOpen() {
        return lanes.values().stream().allMatch(lane -> lane.state == Lane.State.READY);
    }

    /** Whether a topic that was closed when {@link #closedTopics} was asked takes rows again. */
    boolean hasOpened() {
        return opened;
    }

    /**
     * Some errors are for good, and brokers may have moved to where a producer does not look for them: a new one is the way on. It
     * does not know any topic yet.
     */
    private void startAfresh() {
        if (suspect && sending == 0) {
            suspect = false;
            producers.reset();
            lanes.values().stream()
                    .filter(lane -> lane.state == Lane.State.READY)
                    .forEach(this::askForMetadata);
        }
    }

    /** Gives up what is in flight: those rows stay in the outbox. */
    @Override
    public void close() {
        metadata.shutdownNow();
        producers.reset();
    }

    private Lane open(String topic) {
        Lane lane = new Lane(topic);
        askForMetadata(lane);
        return lane;
    }

    private void askForMetadata(Lane lane) {
        lane.state = Lane.State.ASKING;
        try {
            metadata.execute(() -> {
                RuntimeException failure = metadataFailure(lane.topic);
                mailbox.execute(() -> metadataCame(lane, failure));
            });
        } catch (RejectedExecutionException e) {
            rest(lane, e); // closing
        }
    }

    private @Nullable RuntimeException metadataFailure(String topic) {
        try (Producer<byte[], byte[]> producer = producers.createProducer()) {
            producer.partitionsFor(topic);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private void metadataCame(Lane lane, @Nullable RuntimeException failure) {
        if (failure == null) {
            lane.state = Lane.State.READY;
            opened = true;
        } else {
            rest(lane, failure);
        }
    }

    private void send(Lane lane, OutboxRow row) {
        if (lane.state == Lane.State.READY) {
            sending++;
        }
        Lane.Sent sent = lane.add(row);
        // Closing gives the shared producer back to its factory; it stays open.
        try (Producer<byte[], byte[]> producer = producers.createProducer()) {
            Future<RecordMetadata> queued =
                    producer.send(producerRecord(row.message()), (metadata, failure) -> settled(lane, sent, failure));
            // Done at once: the producer waited for metadata or memory in vain, and would for the next row as well.
            lane.refusing = queued.isDone() && sent.failure instanceof TimeoutException;
        } catch (RuntimeException e) {
            settled(lane, sent, e);
        }
    }

    private static ProducerRecord<byte[], byte[]> producerRecord(OutboundMessage message) {
        ProducerRecord<byte[], byte[]> outgoing =
                new ProducerRecord<>(message.topic(), message.key().getBytes(UTF_8), message.body());
        message.headers().forEach((name, value) -> outgoing.headers().add(name, value.getBytes(UTF_8)));
        return outgoing;
    }

    /** On any thread. */
    private void settled(Lane lane, Lane.Sent sent, @Nullable Exception failure) {
        sent.failure = failure;
        mailbox.execute(() -> {
            if (lane.settledLast()) {
                finish(lane);
            }
        });
    }

    private void finish(Lane lane) {
        List<Exception> failures = lane.failures();
        List<Long> removable = lane.removable();
        acknowledged.accept(removable);
        metrics.published(removable.size());
        lane.clear();
        sending--;
        if (failures.isEmpty()) {
            ready(lane);
        } else {
            metrics.failed(lane.topic, failures.size());
            suspect = true;
            rest(lane, failures.get(0));
        }
    }

    private void ready(Lane lane) {
        lane.state = Lane.State.READY;
        opened |= lane.late;
        lane.late = false;
        if (lane.broken) {
            lane.broken = false;
            log.info("topic {} takes messages again", lane.topic);
        }
    }

    private void rest(Lane lane, Exception failure) {
        lane.state = Lane.State.RESTING;
        lane.restUntil = System.nanoTime() + backoff.toNanos();
        if (!lane.broken) {
            lane.broken = true;
            log.warn(
                    "sending to topic {} failed; what failed waits in the outbox and is tried again every {} ms: {}",
                    lane.topic,
                    backoff.toMillis(),
                    failure.toString());
        }
    }
}
