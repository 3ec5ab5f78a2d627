package dev.counterstep.orchestrator.definition;

import java.util.Map;

import dev.counterstep.orchestrator.saga.SagaData;

/**
 * What an expression sees.
 *
 * @param variables by name; JSON in Java's terms
 */
record Bindings(Map<String, Object> variables) {

    static final String INPUT = "input";
    static final String STEPS = "steps";
    static final String SAGA = "saga";

    /** Of a step's expressions. */
    static Bindings of(SagaData data) {
        return new Bindings(Map.of(
                INPUT,
                data.input(),
                STEPS,
                data.replies(),
                SAGA,
                Map.of(
                        "id",
                        data.sagaId().toString(),
                        "definition",
                        data.definition(),
                        "businessKey",
                        data.businessKey())));
    }

    /** Of a trigger's expressions: there is only the event yet. */
    static Bindings of(Map<String, Object> input) {
        return new Bindings(Map.of(INPUT, input, STEPS, Map.of(), SAGA, Map.of()));
    }
}
