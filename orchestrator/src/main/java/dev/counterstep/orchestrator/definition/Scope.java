package dev.counterstep.orchestrator.definition;

import java.util.Set;

/**
 * What an expression may refer to.
 *
 * @param label names the expression's place, such as {@code key of step 'reserve-inventory'}
 * @param variables the variables that have a value when it is evaluated
 * @param replied the steps that may have replied by then
 * @param steps all steps of the definition
 */
record Scope(String label, Set<String> variables, Set<String> replied, Set<String> steps) {

    /** Of a trigger's expression: there is only the event. */
    static Scope trigger(String label) {
        return new Scope(label, Set.of(Bindings.INPUT), Set.of(), Set.of());
    }
}
