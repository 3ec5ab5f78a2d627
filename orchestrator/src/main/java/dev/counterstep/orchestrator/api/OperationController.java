package dev.counterstep.orchestrator.api;

import java.security.Principal;
import java.util.Objects;
import java.util.UUID;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.persistence.SagaQueries;
import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.runtime.Handled;
import dev.counterstep.orchestrator.runtime.Participants;
import dev.counterstep.orchestrator.runtime.SagaOperations;
import dev.counterstep.web.ProblemException;

/** What operators can ask of a saga. Each request is in the saga's log, with who asked and why. */
@RestController
@RequestMapping(path = ApiConfiguration.ROOT + "/sagas/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(
        name = "operator actions",
        description =
                "Answered with the saga; 409 when its state does not allow it, 412 when it" + " changed meanwhile.")
class OperationController {

    private final SagaOperations operations;
    private final SagaQueries queries;
    private final DefinitionRegistry definitions;
    private final Participants participants;

    OperationController(
            SagaOperations operations, SagaQueries queries, DefinitionRegistry definitions, Participants participants) {
        this.operations = operations;
        this.queries = queries;
        this.definitions = definitions;
        this.participants = participants;
    }

    @PostMapping("/replay")
    @Operation(summary = "Try again what a stuck saga is stuck at (OPERATOR)")
    ResponseEntity<SagaView> replay(
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody OperationRequest request,
            Principal user) {
        return handle(id, ifMatch, request, user, operations::replay);
    }

    @PostMapping("/compensate")
    @Operation(summary = "Undo a running saga that has not passed its pivot (OPERATOR)")
    ResponseEntity<SagaView> compensate(
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody OperationRequest request,
            Principal user) {
        return handle(id, ifMatch, request, user, operations::compensate);
    }

    @PostMapping("/skip")
    @Operation(summary = "Go on without the steps a stuck saga is stuck at: they were settled by other means (ADMIN)")
    ResponseEntity<SagaView> skip(
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody OperationRequest request,
            Principal user) {
        return handle(id, ifMatch, request, user, operations::skip);
    }

    @PostMapping("/abandon")
    @Operation(summary = "Give a stuck saga up (ADMIN)")
    ResponseEntity<SagaView> abandon(
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody OperationRequest request,
            Principal user) {
        return handle(id, ifMatch, request, user, operations::abandon);
    }

    @FunctionalInterface
    private interface Asked {
        Handled of(UUID sagaId, String actor, String reason, @Nullable Long expectedVersion);
    }

    private ResponseEntity<SagaView> handle(
            String id, @Nullable String ifMatch, OperationRequest request, Principal user, Asked asked) {
        UUID sagaId = SagaIdentity.of(id);
        Long expected = Versions.ifMatch(ifMatch);
        Handled handled = asked.of(sagaId, Actors.operator(user), request.requiredReason(), expected);
        String reason = Objects.requireNonNullElse(handled.reason(), "It was not done.");
        return switch (handled.kind()) {
            case DONE, KNOWN -> shown(sagaId, id);
            case NOT_FOUND -> throw SagaIdentity.unknown(id);
            case REFUSED, CONFLICT, SET_ASIDE -> throw ProblemException.conflict("wrong-state", reason);
            case LEFT_TO_ANOTHER ->
                throw ProblemException.of(HttpStatus.SERVICE_UNAVAILABLE, "unreadable-definition", reason);
            case LOST_RACE ->
                throw ProblemException.preconditionFailed(
                        "changed-meanwhile", "The saga has changed since you looked: look again.");
        };
    }

    private ResponseEntity<SagaView> shown(UUID sagaId, String id) {
        StoredSaga saga = queries.find(sagaId).orElseThrow(() -> SagaIdentity.unknown(id));
        return ResponseEntity.ok()
                .eTag(Versions.etag(saga))
                .body(SagaView.of(saga, definitions, participants.paused()));
    }
}
