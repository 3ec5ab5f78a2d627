package dev.counterstep.orchestrator.runtime;

import java.time.Instant;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

import dev.counterstep.orchestrator.OrchestratorProperties;

/**
 * Fires what is due: timeouts, retries, deadlines. Any number of nodes may do so at once; each takes what the others do not hold.
 *
 * <p>Nothing fires before all replies have been read that were there when it became due: an answer may be among them. A
 * participant whose replies cannot be read now holds up nobody else: the core grants those that wait for it the time that is
 * lost. While no participant at all can be heard nothing fires.
 */
@Component
class TimerLoop {

    private static final Logger LOG = LoggerFactory.getLogger(TimerLoop.class);

    private final SagaCoordinator coordinator;
    private final AnswerabilityObserver observer;
    private final int batch;
    private final Outage outage = new Outage(LOG, "timers cannot be fired");

    TimerLoop(SagaCoordinator coordinator, AnswerabilityObserver observer, OrchestratorProperties properties) {
        this.coordinator = coordinator;
        this.observer = observer;
        this.batch = properties.timerBatch();
    }

    /** Fires all that is due, batch by batch. Looks whether participants can be heard only when something is. */
    @Scheduled(
            initialDelayString = "${counterstep.orchestrator.timer-interval:500ms}",
            fixedDelayString = "${counterstep.orchestrator.timer-interval:500ms}",
            scheduler = RuntimeConfiguration.SCHEDULER)
    void pass() {
        try {
            boolean more = coordinator.isAnyDue();
            while (more) {
                Optional<Instant> read = observer.observe();
                more = read.isPresent() && coordinator.fireTimers(read.get(), batch) == batch;
            }
            outage.isOver();
        } catch (DataAccessException | TransactionException e) {
            outage.goesOn(e);
        }
    }
}
