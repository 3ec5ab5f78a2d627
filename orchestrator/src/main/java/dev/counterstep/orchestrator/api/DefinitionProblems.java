package dev.counterstep.orchestrator.api;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import dev.counterstep.orchestrator.definition.DefinitionProblem;
import dev.counterstep.orchestrator.definition.InvalidDefinitionException;

/** Answers a definition that is not valid with all that is wrong with it, and where. */
@RestControllerAdvice(assignableTypes = DefinitionController.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class DefinitionProblems {

    /**
     * One thing that is wrong.
     *
     * @param pointer the JSON pointer to it; empty for the source as a whole
     * @param message what is wrong and what was probably meant
     * @param line 1-based
     * @param column 1-based
     * @param meant what was probably meant; null when there is no good guess
     */
    record Located(
            String pointer,
            String message,
            int line,
            int column,
            @Nullable String meant) {

        static Located of(DefinitionProblem problem) {
            return new Located(
                    problem.pointer(), problem.sentence(), problem.line(), problem.column(), problem.meant());
        }
    }

    @ExceptionHandler
    ProblemDetail invalid(InvalidDefinitionException invalid) {
        List<Located> errors = invalid.problems().stream().map(Located::of).toList();
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST,
                errors.size() == 1 ? errors.get(0).message() : "There are %d problems.".formatted(errors.size()));
        problem.setType(URI.create("urn:counterstep:problem:invalid-definition"));
        problem.setProperty("code", "invalid-definition");
        problem.setProperty("errors", errors);
        return problem;
    }
}
