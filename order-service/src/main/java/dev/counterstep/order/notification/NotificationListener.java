package dev.counterstep.order.notification;

import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.stereotype.Component;

import dev.counterstep.messaging.MessageCodec;

/** Reads the notification topics. */
@Component
class NotificationListener implements BatchMessageListener<byte[], byte[]> {

    private final DeliverNotifications delivery;

    NotificationListener(DeliverNotifications delivery) {
        this.delivery = delivery;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
        delivery.deliver(records.stream().map(MessageCodec::inbound).toList());
    }
}
