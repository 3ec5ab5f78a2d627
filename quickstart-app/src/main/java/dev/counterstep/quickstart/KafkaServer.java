package dev.counterstep.quickstart;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker, its own KRaft controller, on {@code DIR/kafka}: formatted once, kept from one start to the next,
 * reachable on 127.0.0.1 only. How it flushes is left as Kafka has it.
 *
 * <p>Safe for use by several threads.
 */
final class KafkaServer implements AutoCloseable {

    private static final String CONTROLLER = "CONTROLLER";
    private static final int NODE = 1;

    private final Path data;
    private final int port;
    private @Nullable KafkaRaftServer server;

    KafkaServer(Path home, int port) {
        this.data = home.toAbsolutePath().resolve("kafka");
        this.port = port;
    }

    /** Where clients connect. */
    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Formats the folder unless that was done before, then starts and waits until the broker serves requests. */
    synchronized void start() {
        try {
            Files.createDirectories(data);
            if (!Files.exists(data.resolve("meta.properties"))) {
                format();
            }
            KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(settings(), false), Time.SYSTEM);
            server = starting;
            starting.startup();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands over, flushes and stops. It can be started again. */
    synchronized void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void format() {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(CONTROLLER)
                    .setMetadataLogDirectory(data.toString())
                    .setDirectories(List.of(data.toString()))
                    .run();
        } catch (Exception e) {
            throw new StartException(
                    "Kafka cannot create its data in " + data + " (" + e.getMessage()
                            + "): choose another folder with --data-dir=DIR.",
                    e);
        }
    }

    private Map<String, String> settings() throws IOException {
        String controller = "127.0.0.1:" + freePort();
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", String.valueOf(NODE)),
                Map.entry("log.dirs", data.toString()),
                Map.entry("listeners", "CLIENT://" + bootstrap() + "," + CONTROLLER + "://" + controller),
                Map.entry("advertised.listeners", "CLIENT://" + bootstrap()),
                Map.entry("listener.security.protocol.map", "CLIENT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT"),
                Map.entry("inter.broker.listener.name", "CLIENT"),
                Map.entry("controller.listener.names", CONTROLLER),
                Map.entry("controller.quorum.voters", NODE + "@" + controller),
                // After a kill the controller refuses the new broker until the old one's session has ended.
                Map.entry("broker.session.timeout.ms", "3000"),
                Map.entry("broker.heartbeat.interval.ms", "1000"),
                // Records that say nothing, for followers to see that the controller lives: there are none.
                Map.entry("metadata.max.idle.interval.ms", "0"),
                // One broker: nothing to replicate to, and no other member to wait for.
                Map.entry("default.replication.factor", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // For topics whose creator does not say how many.
                Map.entry("num.partitions", String.valueOf(Topics.PARTITIONS)),
                // A mistyped topic is an error, not a topic.
                Map.entry("auto.create.topics.enable", "false"),
                // A laptop's disk and a small heap.
                Map.entry("log.segment.bytes", String.valueOf(64 << 20)),
                Map.entry("log.retention.bytes", String.valueOf(256 << 20)),
                Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20)),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"));
    }

    /** For the controller, which nobody but this process talks to. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
