package dev.counterstep.messaging.participant;

import java.util.UUID;

import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;

/** The primary key of table {@code inbox}: a command, whatever its attempt. */
record InboxKey(UUID sagaId, String step, Phase phase, int generation) {

    static InboxKey of(SagaHeaders saga) {
        return new InboxKey(saga.sagaId(), saga.step(), saga.phase(), saga.generation());
    }

    StepKey stepKey() {
        return new StepKey(sagaId, step);
    }

    InboxKey withGeneration(int other) {
        return new InboxKey(sagaId, step, phase, other);
    }

    /** The command's identity, as {@link SagaHeaders#commandId()} writes it. */
    @Override
    public String toString() {
        return sagaId + ":" + step + ":" + phase + ":" + generation;
    }
}
