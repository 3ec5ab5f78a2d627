package dev.counterstep.orchestrator.runtime;

import java.util.Set;

import org.springframework.stereotype.Component;

import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.definition.DefinitionVersion;
import dev.counterstep.orchestrator.persistence.SagaStore.Locked;

/** What a batch of decisions needs besides its sagas. */
@Component
class SagaDecisions {

    private final DefinitionRegistry definitions;
    private final SagaMessages messages;
    private final Answerability answerability;

    SagaDecisions(DefinitionRegistry definitions, SagaMessages messages, Answerability answerability) {
        this.definitions = definitions;
        this.messages = messages;
        this.answerability = answerability;
    }

    /** The definitions whose sagas are other nodes' business. */
    Set<DefinitionVersion> unreadable() {
        return definitions.unreadable().keySet();
    }

    /** A batch on what was locked for it, at the time of the last lock. */
    SagaBatch begin(Locked locked) {
        return new SagaBatch(locked, answerability.since(locked.at()), definitions, messages);
    }
}
