package dev.counterstep.orchestrator.definition;

import java.util.List;
import java.util.stream.Collectors;

/** A definition's source is not a valid definition. Its message is a list of all that is wrong, one line each. */
public final class InvalidDefinitionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<DefinitionProblem> problems;

    InvalidDefinitionException(String origin, List<DefinitionProblem> problems) {
        super(problems.stream()
                .map(DefinitionProblem::toString)
                .collect(Collectors.joining("\n  ", origin + " is not a valid saga definition:\n  ", "")));
        this.problems = List.copyOf(problems);
    }

    /** All that is wrong, in the order of the source; at least one. */
    public List<DefinitionProblem> problems() {
        return problems;
    }
}
