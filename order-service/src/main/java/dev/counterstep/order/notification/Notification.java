package dev.counterstep.order.notification;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;

import org.hibernate.annotations.Immutable;

/** What a customer was told. */
@Entity
@Immutable
class Notification {

    @Id
    private UUID id;

    private UUID orderId;

    private String customerId;

    @Enumerated(EnumType.STRING)
    private Priority priority;

    private String text;

    private Instant createdAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected Notification() {}

    UUID id() {
        return id;
    }

    UUID orderId() {
        return orderId;
    }

    String customerId() {
        return customerId;
    }

    Priority priority() {
        return priority;
    }

    String text() {
        return text;
    }

    Instant createdAt() {
        return createdAt;
    }
}
