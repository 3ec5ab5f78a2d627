package dev.counterstep.orchestrator.runtime;

import java.util.Collection;
import java.util.List;

import org.springframework.stereotype.Component;

import dev.counterstep.orchestrator.persistence.HeldMessageStore;
import dev.counterstep.orchestrator.persistence.SagaLogStore;
import dev.counterstep.orchestrator.persistence.SagaStore;
import dev.counterstep.storage.RoundTrip;

/**
 * The saga rows and their logs, which are only ever written together, and what waits for a node that can handle it.
 *
 * @param sagas the rows
 * @param log the logs
 * @param held the messages for sagas whose definition only other nodes can read
 */
@Component
record SagaTables(SagaStore sagas, SagaLogStore log, HeldMessageStore held) {

    /** Stores what a batch made of its sagas, in the caller's transaction. */
    void save(Collection<SagaWork> works, RoundTrip trip) {
        sagas.insert(works.stream().filter(SagaWork::isNew).map(SagaWork::after).toList(), trip);
        sagas.update(
                works.stream().filter(SagaWork::isChanged).map(SagaWork::change).toList(), trip);
        List<SagaLogStore.Line> lines = works.stream()
                .flatMap(work -> work.entries().stream()
                        .map(entry -> new SagaLogStore.Line(work.saga().id(), entry)))
                .toList();
        log.append(lines, trip);
    }
}
