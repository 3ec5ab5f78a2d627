package dev.counterstep.orchestrator.definition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Collects everything that is wrong with one source, so that its author learns all of it at once. */
final class Problems {

    /** More than this many are of no use to anybody. */
    static final int MOST = 100;

    private final List<DefinitionProblem> found = new ArrayList<>();

    void add(Element where, String message) {
        add(where, message, null);
    }

    void add(Element where, String message, @Nullable String meant) {
        add(new DefinitionProblem(where.line(), where.column(), where.pointer(), message, meant));
    }

    void add(DefinitionProblem problem) {
        if (found.size() < MOST) {
            found.add(problem);
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** In the order of the source. */
    List<DefinitionProblem> sorted() {
        return found.stream()
                .sorted(Comparator.comparingInt(DefinitionProblem::line).thenComparingInt(DefinitionProblem::column))
                .toList();
    }
}
