package dev.counterstep.messaging.canary.sending;

import org.springframework.kafka.core.KafkaTemplate;

/** Canary: only the relay sends. */
record Sends(KafkaTemplate<byte[], byte[]> kafka) {}
