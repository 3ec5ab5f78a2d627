package dev.counterstep.orchestrator.messaging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.orchestrator.runtime.SagaCoordinator;

/** Takes over the messages that nodes hold which cannot read the definitions they need. Any number of nodes may do so at once. */
@Component
class HeldMessageLoop {

    private static final Logger LOG = LoggerFactory.getLogger(HeldMessageLoop.class);

    private final SagaCoordinator coordinator;
    private final ArrivalReader reader;
    private final int batch;

    HeldMessageLoop(SagaCoordinator coordinator, ArrivalReader reader, OrchestratorProperties properties) {
        this.coordinator = coordinator;
        this.reader = reader;
        this.batch = properties.timerBatch();
    }

    @Scheduled(
            initialDelayString = "${counterstep.orchestrator.timer-interval:500ms}",
            fixedDelayString = "${counterstep.orchestrator.timer-interval:500ms}")
    void pass() {
        try {
            int taken;
            do {
                taken = coordinator.handleHeld(reader::read, batch);
            } while (taken > 0);
        } catch (DataAccessException | TransactionException databaseIsAway) {
            LOG.debug("held messages could not be taken", databaseIsAway);
        }
    }
}
