package dev.counterstep.orchestrator.saga;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a definition computes for a step from the saga's data. The functions are pure and bounded; what they cannot compute
 * they refuse with {@link ExpressionException}.
 *
 * @param when whether the step is run at all; default always
 * @param key the message key of the step's action and compensation alike; default the saga id
 * @param payload the body of the step's action and compensation alike; default the saga's input. A compensation's
 *     body also has a {@code reason}, unless the payload has one or there is no room for it
 * @param sendable refuses a body that is over a limit of the wire protocol; default none is
 */
public record StepExpressions(
        Predicate<SagaData> when,
        Function<SagaData, String> key,
        Function<SagaData, Map<String, Object>> payload,
        Consumer<Map<String, Object>> sendable) {

    /** Runs always, keyed by saga id, with the input as payload. */
    public static final StepExpressions DEFAULT =
            new StepExpressions(data -> true, data -> data.sagaId().toString(), SagaData::input);

    /** Of a step whose bodies have no limits. */
    public StepExpressions(
            Predicate<SagaData> when, Function<SagaData, String> key, Function<SagaData, Map<String, Object>> payload) {
        this(when, key, payload, body -> {});
    }
}
