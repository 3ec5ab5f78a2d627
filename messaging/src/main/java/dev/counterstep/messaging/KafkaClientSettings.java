package dev.counterstep.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;

/**
 * The settings of our Kafka clients: Boot's {@code spring.kafka.*}, then those that safety rests on, whatever was configured,
 * and defaults of our own for the rest.
 */
final class KafkaClientSettings {

    static final int CLOSE_TIMEOUT_SECONDS = 2;

    private static final Duration METADATA_IDLE = Duration.ofDays(1);

    private final KafkaProperties kafka;
    private final KafkaConnectionDetails connection;
    private final String clientId;

    KafkaClientSettings(KafkaProperties kafka, KafkaConnectionDetails connection, String clientId) {
        this.kafka = kafka;
        this.connection = connection;
        this.clientId = clientId;
    }

    Map<String, Object> producer() {
        Map<String, Object> settings = new HashMap<>(kafka.buildProducerProperties());
        connect(settings, connection.getProducer());
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, clientId + "-outbox");
        settings.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        // What is known of a topic is kept, though it is seldom sent to and no broker is there: whoever sends need not
        // wait for it
        // again. By default a producer forgets all topics as soon as it has lost its last connection.
        settings.putIfAbsent(ProducerConfig.METADATA_MAX_IDLE_CONFIG, METADATA_IDLE.toMillis());
        settings.putIfAbsent(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, MetadataRecoveryStrategy.NONE.name);
        settings.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        return settings;
    }

    Map<String, Object> consumer() {
        Map<String, Object> settings = new HashMap<>(kafka.buildConsumerProperties());
        connect(settings, connection.getConsumer());
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        settings.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        // Whoever waits is answered as soon as there is a message; what is quiet asks less often.
        settings.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 2_000);
        settings.putIfAbsent(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        return settings;
    }

    private static void connect(Map<String, Object> settings, KafkaConnectionDetails.Configuration connection) {
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.getBootstrapServers());
        String protocol = connection.getSecurityProtocol();
        if (protocol != null && !protocol.isEmpty()) {
            settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
        }
        SslBundle bundle = connection.getSslBundle();
        if (bundle != null) {
            settings.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, SslBundleSslEngineFactory.class);
            settings.put(SslBundle.class.getName(), bundle);
        }
    }
}
