package dev.counterstep.order.notification;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.stereotype.Service;

/** Shows notifications. */
@Service
class FindNotifications {

    private final NotificationRepository notifications;

    FindNotifications(NotificationRepository notifications) {
        this.notifications = notifications;
    }

    /** The newest notifications older than {@code before}. */
    List<Notification> list(@Nullable UUID orderId, @Nullable UUID before, int limit) {
        Specification<Notification> wanted = Specification.unrestricted();
        if (orderId != null) {
            wanted = wanted.and((notification, query, is) -> is.equal(notification.get("orderId"), orderId));
        }
        if (before != null) {
            wanted = wanted.and((notification, query, is) -> is.lessThan(notification.get("id"), before));
        }
        return notifications.findBy(
                wanted,
                query -> query.sortBy(Sort.by("id").descending()).limit(limit).all());
    }
}
