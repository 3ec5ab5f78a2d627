package dev.counterstep.orchestrator.definition;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows the problems of a definition that stopped the start, without a stack trace. */
final class InvalidDefinitionFailureAnalyzer extends AbstractFailureAnalyzer<InvalidDefinitionException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidDefinitionException cause) {
        return new FailureAnalysis(cause.getMessage(), "Correct the file, or take it out of the folder.", cause);
    }
}
