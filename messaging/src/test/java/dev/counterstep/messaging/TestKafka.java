package dev.counterstep.messaging;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;

import org.apache.kafka.common.network.ListenerName;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The JVM's one Kafka broker, started at first use. It has two doors: the plain one, and one behind a wire that can be cut. */
final class TestKafka {

    static final String IMAGE = "apache/kafka-native:4.2.0";
    static final int PARTITIONS = 3;

    private static final String CUTTABLE = "CUTTABLE";

    /** Where the embedded broker leaves its address: not in Spring's own property, which would outrank a test's. */
    private static final String ADDRESS_PROPERTY = "counterstep.test.kafka";

    private static final int CUTTABLE_CONTAINER_PORT = 19095;

    /** Starts the broker once, and only if somebody asks for it. */
    private static final class Holder {
        static final TestKafka INSTANCE =
                DockerClientFactory.instance().isDockerAvailable() ? inContainer() : embedded();
    }

    private final String bootstrapServers;
    private final TcpProxy wire;

    private TestKafka(String bootstrapServers, TcpProxy wire) {
        this.bootstrapServers = bootstrapServers;
        this.wire = wire;
    }

    static TestKafka instance() {
        return Holder.INSTANCE;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    TcpProxy wire() {
        return wire;
    }

    private static TestKafka embedded() {
        EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS);
        TcpProxy wire = TcpProxy.to(() -> new InetSocketAddress("localhost", cuttablePort(broker)));
        broker.brokerProperties(Map.of(
                "listeners",
                "EXTERNAL://localhost:0,CONTROLLER://localhost:0," + CUTTABLE + "://localhost:0",
                "advertised.listeners",
                "EXTERNAL://localhost:0," + CUTTABLE + "://localhost:" + wire.port(),
                "listener.security.protocol.map",
                "EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT," + CUTTABLE + ":PLAINTEXT",
                "num.partitions",
                String.valueOf(PARTITIONS),
                "offsets.topic.num.partitions",
                "5",
                "group.initial.rebalance.delay.ms",
                "0",
                "transaction.state.log.replication.factor",
                "1",
                "transaction.state.log.min.isr",
                "1",
                "transaction.state.log.num.partitions",
                "1"));
        broker.brokerListProperty(ADDRESS_PROPERTY);
        broker.afterPropertiesSet();
        return new TestKafka(broker.getBrokersAsString(), wire);
    }

    private static int cuttablePort(EmbeddedKafkaKraftBroker broker) {
        return Objects.requireNonNull(broker.getCluster(), "the broker has not started")
                .brokers()
                .values()
                .iterator()
                .next()
                .boundPort(new ListenerName(CUTTABLE));
    }

    @SuppressWarnings("resource") // Ryuk removes the container with the JVM.
    private static TestKafka inContainer() {
        KafkaContainer container = new KafkaContainer(IMAGE);
        TcpProxy wire = TcpProxy.to(
                () -> new InetSocketAddress(container.getHost(), container.getMappedPort(CUTTABLE_CONTAINER_PORT)));
        container
                .withListener("cuttable:" + CUTTABLE_CONTAINER_PORT, () -> "localhost:" + wire.port())
                .withEnv("KAFKA_NUM_PARTITIONS", String.valueOf(PARTITIONS))
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        container.addExposedPort(CUTTABLE_CONTAINER_PORT);
        container.start();
        return new TestKafka(container.getBootstrapServers(), wire);
    }
}
