package dev.counterstep.order;

import java.util.List;
import java.util.Objects;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Announces orders again whose saga has not been heard of. Kafka acknowledges before its disks have the message, and disks get
 * lost: an accepted order must outlive that. A saga that was started already is not started twice, so announcing too often is
 * only wasteful, and several instances may do so at once.
 */
@Component
class ReannounceOrders {

    private static final Logger LOG = LoggerFactory.getLogger(ReannounceOrders.class);

    /** The most orders of one transaction. */
    private static final int BATCH = 200;

    private final OrderStore orders;
    private final OrderAnnouncements announcements;
    private final TransactionTemplate transaction;
    private final double patienceSeconds;

    ReannounceOrders(
            OrderStore orders,
            OrderAnnouncements announcements,
            PlatformTransactionManager transactions,
            OrderProperties properties) {
        this.orders = orders;
        this.announcements = announcements;
        this.transaction = new TransactionTemplate(transactions);
        this.patienceSeconds = properties.reannounceAfter().toMillis() / 1000.0;
    }

    /** Announces all that are due, batch by batch. */
    @Scheduled(
            initialDelayString = "${counterstep.order.reannounce-interval:10s}",
            fixedDelayString = "${counterstep.order.reannounce-interval:10s}")
    void pass() {
        try {
            int announced;
            do {
                announced = Objects.requireNonNull(transaction.execute(status -> announceDue()));
            } while (announced == BATCH);
        } catch (DataAccessException | TransactionException databaseIsAway) {
            LOG.debug("orders could not be announced again", databaseIsAway);
        }
    }

    private int announceDue() {
        List<Order> due = orders.announceUnheard(patienceSeconds, BATCH);
        if (!due.isEmpty()) {
            announcements.placed(due);
            LOG.info("announced {} orders again: their sagas have not been heard of", due.size());
        }
        return due.size();
    }
}
