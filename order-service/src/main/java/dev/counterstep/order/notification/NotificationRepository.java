package dev.counterstep.order.notification;

import java.time.Instant;
import java.util.UUID;

import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.repository.Repository;

interface NotificationRepository extends Repository<Notification, UUID>, JpaSpecificationExecutor<Notification> {

    /** Stores a message once: when it comes again, nothing happens. */
    @Modifying
    @NativeQuery("""
            INSERT INTO notification (id, order_id, customer_id, priority, text, message_id, created_at)
            VALUES (:id, :#{#notice.orderId}, :#{#notice.customerId}, :#{#notice.priority.name()}, :#{#notice.text},
                    :messageId, :createdAt)
            ON CONFLICT (message_id) DO NOTHING""")
    void insertIfAbsent(UUID id, Notice notice, String messageId, Instant createdAt);
}
