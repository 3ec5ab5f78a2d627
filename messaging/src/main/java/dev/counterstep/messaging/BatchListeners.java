package dev.counterstep.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Makes the containers that poll messages and give whatever was polled at once to a listener, as one batch.
 *
 * <p>A listener returns when what it did is committed, and whoever reads here knows duplicates, so offsets are a saving and no
 * promise: they are committed about once a second, and after a crash that second is read again. A quiet partition's committed
 * offset reaches its end, even where a producer's transaction markers follow the last message. A listener throws only when
 * its database is away: then its batch comes again, for ever, after growing waits. What was polled comes again whatever keeps it
 * from the listener ({@link BatchPoll}).
 */
public final class BatchListeners {

    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration QUIET = COMMIT_INTERVAL.multipliedBy(2);
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    private BatchListeners() {}

    /**
     * A container, not yet started, of one thread. Its batch interceptor is taken: it notes what was handled.
     *
     * @param consumers whose settings, deserializers, listeners and post-processors the container's own consumers have
     */
    public static ConcurrentMessageListenerContainer<byte[], byte[]> container(
            ConsumerFactory<byte[], byte[]> consumers,
            List<String> topics,
            String group,
            String clientId,
            BatchMessageListener<byte[], byte[]> listener) {
        ContainerProperties settings = new ContainerProperties(topics.toArray(String[]::new));
        settings.setMessageListener(listener);
        settings.setGroupId(group);
        settings.setClientId(clientId);
        settings.setAckMode(ContainerProperties.AckMode.TIME);
        settings.setAckTime(COMMIT_INTERVAL.toMillis());
        // An idle consumer commits between two polls as well.
        settings.setPollTimeout(COMMIT_INTERVAL.toMillis());
        // Even an empty partition has a committed offset then: who waits for replies can tell that it is read.
        settings.setAssignmentCommitOption(ContainerProperties.AssignmentCommitOption.ALWAYS);
        // Not fixTxOffsets: it asks the broker for the committed offsets, and commits, after every single poll.
        settings.setIdlePartitionEventInterval(QUIET.toMillis());
        settings.setAuthExceptionRetryInterval(LONGEST_BACKOFF);
        settings.setShutdownTimeout(SHUTDOWN.toMillis());
        Handled handled = new Handled();
        var container =
                new ConcurrentMessageListenerContainer<>(new BatchConsumerFactory(consumers, handled), settings);
        container.setBatchInterceptor(handled);
        container.setCommonErrorHandler(tryAgainForEver());
        container.setApplicationEventPublisher(new QuietPartitions());
        return container;
    }

    /** What reaches the container concerns every message, so waiting is the one remedy and skipping would lose messages. */
    private static DefaultErrorHandler tryAgainForEver() {
        ExponentialBackOff backOff = new ExponentialBackOff(FIRST_BACKOFF.toMillis(), 2);
        backOff.setMaxInterval(LONGEST_BACKOFF.toMillis());
        DefaultErrorHandler handler = new DefaultErrorHandler(
                (record, exception) -> {
                    throw new IllegalStateException("a message must not be skipped", exception);
                },
                backOff);
        handler.setClassifications(Map.of(), true);
        return handler;
    }
}
