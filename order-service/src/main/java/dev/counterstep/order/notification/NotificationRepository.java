package dev.counterstep.order.notification;

import java.util.UUID;

import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.repository.Repository;

/** Notifications to be shown; {@link NotificationStore} writes them. */
interface NotificationRepository extends Repository<Notification, UUID>, JpaSpecificationExecutor<Notification> {}
