package dev.counterstep.orchestrator.saga;

import java.util.List;

/** {@link SagaFold} one decision at a time, for simulations that cannot afford to fold a whole log after each. */
public final class ModelFold {

    private ModelFold() {}

    /** The instance after some more entries. */
    public static SagaInstance fold(SagaInstance saga, List<SagaLogEntry> entries) {
        SagaInstance next = saga;
        for (SagaLogEntry entry : entries) {
            next = SagaFold.apply(next, entry);
        }
        return next;
    }
}
