package dev.counterstep.messaging.participant;

import java.util.List;
import java.util.function.Function;

/**
 * Turns what an external system answered into outcomes, in a transaction: the last move of an {@link ExternalCall}. The calls of
 * a round that share one completion, the very same object, are completed by it together, in one invocation.
 *
 * @param <T> what the external system answers
 */
public final class Completion<T> {

    private final Function<List<T>, List<Outcome>> outcomes;

    private Completion(Function<List<T>, List<Outcome>> outcomes) {
        this.outcomes = outcomes;
    }

    /**
     * Completes calls one after the other.
     *
     * @param outcome records one answer and says what became of its command
     */
    public static <T> Completion<T> oneByOne(Function<T, Outcome> outcome) {
        return new Completion<>(answers -> answers.stream().map(outcome).toList());
    }

    /**
     * Completes calls together, so that a round costs a few statements however many calls it made.
     *
     * @param outcomes records the answers and says what became of each one's command, in the same order; each answer names what
     *     it is about, since those of failed calls are missing
     */
    public static <T> Completion<T> together(Function<List<T>, List<Outcome>> outcomes) {
        return new Completion<>(outcomes);
    }

    /**
     * Runs it.
     *
     * @throws IllegalStateException when there is not one outcome for each answer
     */
    public List<Outcome> outcomes(List<T> answers) {
        List<Outcome> completed = outcomes.apply(answers);
        if (completed.size() != answers.size()) {
            throw new IllegalStateException(
                    "a completion of %d answers gave %d outcomes".formatted(answers.size(), completed.size()));
        }
        return completed;
    }
}
