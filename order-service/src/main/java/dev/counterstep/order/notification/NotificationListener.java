package dev.counterstep.order.notification;

import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

import dev.counterstep.messaging.MessageCodec;

/** Reads the notification topics, each with a consumer of its own. */
@Component
class NotificationListener {

    private final DeliverNotifications delivery;

    NotificationListener(DeliverNotifications delivery) {
        this.delivery = delivery;
    }

    @KafkaListener(
            id = "order-service-notifications-high",
            clientIdPrefix = "order-service-notifications-high",
            topics = Priority.HIGH_TOPIC,
            containerFactory = NotificationConfiguration.CONTAINERS)
    void high(List<ConsumerRecord<byte[], byte[]>> records) {
        delivery.deliver(records.stream().map(MessageCodec::inbound).toList());
    }

    @KafkaListener(
            id = "order-service-notifications-low",
            clientIdPrefix = "order-service-notifications-low",
            topics = Priority.LOW_TOPIC,
            containerFactory = NotificationConfiguration.CONTAINERS)
    void low(List<ConsumerRecord<byte[], byte[]>> records) {
        delivery.deliver(records.stream().map(MessageCodec::inbound).toList());
    }
}
