package dev.counterstep.orchestrator.saga;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a definition computes for a step from the saga's data. The functions are pure and bounded; what they cannot compute
 * they refuse with {@link ExpressionException}.
 *
 * @param when whether the step is run at all; default always
 * @param key the message key of the step's action and compensation alike; default the saga id
 * @param payload the body of the step's action and compensation alike; default the saga's input. A compensation's
 *     body also has a {@code reason}, unless the payload has one
 */
public record StepExpressions(
        Predicate<SagaData> when, Function<SagaData, String> key, Function<SagaData, Map<String, Object>> payload) {

    /** Runs always, keyed by saga id, with the input as payload. */
    public static final StepExpressions DEFAULT =
            new StepExpressions(data -> true, data -> data.sagaId().toString(), SagaData::input);
}
