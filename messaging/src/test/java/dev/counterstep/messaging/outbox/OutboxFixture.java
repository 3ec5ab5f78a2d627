package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.MessagingProperties;
import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.messaging.TestProperties;

import static java.nio.charset.StandardCharsets.UTF_8;

/** One database with an outbox, and as many relays on it as a test wants; each test has topics of its own. */
final class OutboxFixture implements AutoCloseable {

    final TestDatabase database = TestInfrastructure.newDatabase("inventory");
    final DataSource dataSource = database.dataSource();
    final JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    /** Of the first relay. */
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private final String prefix = "t" + UUID.randomUUID().toString().substring(0, 8) + ".";
    private final List<OutboxRelay> relays = new ArrayList<>();
    private final Map<OutboxRelay, OutboxStore> stores = new HashMap<>();

    OutboxFixture() {
        JdbcTemplate owner = new JdbcTemplate(database.ownerDataSource());
        owner.execute("CREATE TABLE held (topic text)");
        owner.execute("GRANT ALL ON held TO PUBLIC");
    }

    /** Counts the rows for the planner. */
    void analyze() {
        new JdbcTemplate(database.ownerDataSource()).execute("ANALYZE outbox");
    }

    /** Makes the relays leave a topic's messages in the outbox. */
    void hold(String topic) {
        jdbc.update("INSERT INTO held VALUES (?)", topic);
    }

    void holdNothing() {
        jdbc.update("DELETE FROM held");
    }

    String topic(String name) {
        return prefix + name;
    }

    /** The outbox of a relay's process. */
    Outbox outbox(OutboxRelay relay) {
        return new Outbox(stores.getOrDefault(relay, new OutboxStore(dataSource, HeldTopics.NONE)), relay.relaying());
    }

    /** An outbox of a process that has no relay, or that dies before it can wake it. */
    Outbox silentOutbox() {
        return new Outbox(new OutboxStore(dataSource, HeldTopics.NONE), Relaying.NONE);
    }

    void append(Outbox outbox, String topic, String key, String... bodies) {
        transaction.executeWithoutResult(status -> {
            List<OutboundMessage> messages = new ArrayList<>();
            for (String body : bodies) {
                messages.add(message(topic, key, body));
            }
            outbox.append(messages);
        });
    }

    static OutboundMessage message(String topic, String key, String body) {
        return new OutboundMessage(topic, key, Map.of("ce_id", body, "ce_type", "täst"), body.getBytes(UTF_8));
    }

    /** Not started; closed with the fixture. */
    RelayBuilder relay() {
        return new RelayBuilder();
    }

    long waiting() {
        Long rows = jdbc.queryForObject("SELECT count(*) FROM outbox", Long.class);
        return rows == null ? -1 : rows;
    }

    String leaseHolder() {
        List<String> holders = jdbc.queryForList(
                "SELECT locked_by FROM shedlock WHERE name = 'outbox-relay' AND lock_until > timezone('utc', now())",
                String.class);
        return holders.isEmpty() ? "nobody" : holders.get(0);
    }

    /** Everything the topic holds now, of each partition in order. */
    static List<ConsumerRecord<String, String>> published(String topic) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    static List<String> bodies(String topic) {
        return published(topic).stream().map(ConsumerRecord::value).toList();
    }

    @Override
    public void close() {
        relays.forEach(OutboxRelay::stop);
    }

    /** A lock that everybody has at once. */
    private static final class Granted implements SimpleLock {

        @Override
        public void unlock() {}

        @Override
        public Optional<SimpleLock> extend(Duration lockAtMostFor, Duration lockAtLeastFor) {
            return Optional.of(this);
        }
    }

    /** A relay as auto-configuration would make it, but for what the test changes. */
    final class RelayBuilder {

        private final Map<String, String> properties = new HashMap<>(Map.of(
                "relay.interval", "100ms",
                "relay.lease", "2s",
                "relay.retry-backoff", "100ms"));
        private final Map<String, Object> kafka = new HashMap<>(Map.of(
                "bootstrap.servers",
                TestInfrastructure.bootstrapServers(),
                "acks",
                "all",
                "linger.ms",
                0,
                "max.block.ms",
                1000,
                "request.timeout.ms",
                1000,
                "delivery.timeout.ms",
                2000,
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class));
        private final List<LateTopic> late = new ArrayList<>();
        private DataSource source = dataSource;
        private String name = UUID.randomUUID().toString();
        private boolean leased = true;

        RelayBuilder with(String property, String value) {
            properties.put("relay." + property, value);
            return this;
        }

        RelayBuilder withKafka(String setting, Object value) {
            kafka.put(setting, value);
            return this;
        }

        RelayBuilder on(DataSource other) {
            source = other;
            return this;
        }

        RelayBuilder through(LateTopic topic) {
            late.add(topic);
            return this;
        }

        RelayBuilder named(String holder) {
            name = holder;
            return this;
        }

        /** Always believes that it holds the lease. */
        RelayBuilder withoutLease() {
            leased = false;
            return this;
        }

        OutboxRelay start() {
            MessagingProperties.Relay settings =
                    TestProperties.messaging(properties).relay();
            RelayMetrics metrics = new RelayMetrics(relays.isEmpty() ? meters : new SimpleMeterRegistry());
            DefaultKafkaProducerFactory<byte[], byte[]> factory = new DefaultKafkaProducerFactory<>(kafka);
            factory.setPhysicalCloseTimeout(1);
            late.forEach(factory::addPostProcessor);
            LockProvider locks = leased ? locks() : configuration -> Optional.of(new Granted());
            OutboxStore store = new OutboxStore(source, new HeldTopics("SELECT topic FROM held"));
            OutboxRelay relay = new OutboxRelay(() -> new RelayLoop(
                    settings,
                    store,
                    new RelayLease(locks, settings.lease(), settings.interval()),
                    metrics,
                    mailbox -> new Publisher(factory, settings.retryBackoff(), mailbox, store::acknowledge, metrics),
                    onRing -> new OutboxBell(source, onRing)));
            relays.add(relay);
            if (source == dataSource) {
                stores.put(relay, store);
            }
            relay.start();
            return relay;
        }

        private LockProvider locks() {
            return new JdbcTemplateLockProvider(JdbcTemplateLockProvider.Configuration.builder()
                    .withJdbcTemplate(new JdbcTemplate(source))
                    .withTransactionManager(new JdbcTransactionManager(source))
                    .withLockedByValue(name)
                    .usingDbTime()
                    .build());
        }
    }
}
