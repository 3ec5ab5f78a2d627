package dev.counterstep.orchestrator.definition;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.ExpressionException;

/** A compiled expression of a definition. Immutable and free of side effects. */
interface Expression {

    /**
     * Its value: JSON in Java's terms, a number being a Long, Integer, BigInteger or BigDecimal.
     *
     * @throws ExpressionException when a field it asks for is missing, or an operation has no result
     */
    @Nullable
    Object value(Bindings bindings);
}
