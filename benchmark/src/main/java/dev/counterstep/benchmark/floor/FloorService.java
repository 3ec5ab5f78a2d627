package dev.counterstep.benchmark.floor;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One service, one thread: what was polled together is handled in one transaction with one commit. */
final class FloorService implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(FloorService.class);
    private static final Duration IDLE = Duration.ofMillis(500);

    /** After this long without anything to do, what was sent is deleted in a transaction of its own. */
    private static final Duration TIDY = Duration.ofMillis(20);

    private static final long OFFSETS_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Database database;
    private final FloorOutbox outbox;
    private final Consumer<byte[], byte[]> consumer;
    private final Handler handler;
    private long offsetsAt = System.nanoTime();
    private boolean offsetsDue;

    FloorService(Database database, FloorOutbox outbox, Consumer<byte[], byte[]> consumer, Handler handler) {
        this.database = database;
        this.outbox = outbox;
        this.consumer = consumer;
        this.handler = handler;
    }

    /** What a service does with a batch. */
    interface Handler {

        /** Writes the rows and returns the messages to be sent, in the transaction that is open. */
        List<Message> handle(Database database, List<Arrived> batch) throws SQLException;

        /** The rows are committed. */
        default void committed() {}
    }

    @Override
    public void run() {
        try {
            while (true) {
                step(consumer.poll(outbox.hasSent() || offsetsDue ? TIDY : IDLE));
            }
        } catch (WakeupException stop) {
            LOG.debug("stopped", stop);
        } catch (SQLException | ExecutionException | RuntimeException e) {
            LOG.error("the floor has given way", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            consumer.close();
        }
    }

    /** Ends {@link #run}; to be called from another thread. */
    void stop() {
        consumer.wakeup();
    }

    private void step(ConsumerRecords<byte[], byte[]> records)
            throws SQLException, ExecutionException, InterruptedException {
        if (!records.isEmpty()) {
            handle(records);
            offsetsDue = true;
        } else if (outbox.hasSent()) {
            outbox.removeSent();
            database.commit();
        }
        if (offsetsDue && System.nanoTime() - offsetsAt > OFFSETS_EVERY_NANOS) {
            consumer.commitAsync();
            offsetsAt = System.nanoTime();
            offsetsDue = false;
        }
    }

    private void handle(ConsumerRecords<byte[], byte[]> records)
            throws SQLException, ExecutionException, InterruptedException {
        List<Arrived> batch = new ArrayList<>(records.count());
        records.forEach(record -> batch.add(Arrived.of(record)));
        List<Message> messages = handler.handle(database, batch);
        outbox.exchange(messages);
        database.commit();
        outbox.send(messages);
        handler.committed();
    }
}
