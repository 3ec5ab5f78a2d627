package dev.counterstep.order.notification;

/** How urgent a notification is; each priority has its topic, so that what is urgent never waits behind what is not. */
public enum Priority {
    /** The customer did not get what was ordered. */
    HIGH(Priority.HIGH_TOPIC),
    /** Good news. */
    LOW(Priority.LOW_TOPIC);

    static final String HIGH_TOPIC = "notifications.high";
    static final String LOW_TOPIC = "notifications.low";

    private final String topic;

    Priority(String topic) {
        this.topic = topic;
    }

    String topic() {
        return topic;
    }
}
