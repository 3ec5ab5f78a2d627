package dev.counterstep.order.notification;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import dev.counterstep.web.Cursor;
import dev.counterstep.web.Page;

/** Shows over REST what customers were told. */
@RestController
class NotificationController {

    private final FindNotifications notifications;

    NotificationController(FindNotifications notifications) {
        this.notifications = notifications;
    }

    /** Notifications, newest first. */
    @GetMapping("/notifications")
    Page<NotificationView> list(
            @RequestParam(required = false) @Nullable UUID orderId,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int size = Page.limit(limit);
        var before = Cursor.read(cursor, values -> UUID.fromString(values.get(0)));
        var found = notifications.list(orderId, before, size + 1).stream()
                .map(NotificationView::of)
                .toList();
        return Page.of(
                found,
                size,
                notification -> Cursor.of(notification.notificationId().toString()));
    }

    record NotificationView(
            UUID notificationId, UUID orderId, String customerId, Priority priority, String text, Instant createdAt) {

        static NotificationView of(Notification notification) {
            return new NotificationView(
                    notification.id(),
                    notification.orderId(),
                    notification.customerId(),
                    notification.priority(),
                    notification.text(),
                    notification.createdAt());
        }
    }
}
