package dev.counterstep.orchestrator.api;

import java.net.URI;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.MessageHeaders;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.definition.LoadedDefinition;
import dev.counterstep.orchestrator.persistence.SagaQueries;
import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.runtime.Handled;
import dev.counterstep.orchestrator.runtime.Participants;
import dev.counterstep.orchestrator.runtime.SagaOperations;
import dev.counterstep.orchestrator.saga.SagaInstance.Origin;
import dev.counterstep.web.FieldError;
import dev.counterstep.web.ProblemException;

/** Starts sagas by call. The input is read like a message's body: what is accepted here can be sent to a participant. */
@RestController
@RequestMapping(path = ApiConfiguration.ROOT + "/sagas", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sagas")
class StartController {

    private static final int MOST_KEY_CHARACTERS = 256;
    private static final Pattern CORRELATION = Pattern.compile("[\\x21-\\x7e]{1,128}");
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final MessageCodec codec;
    private final DefinitionRegistry definitions;
    private final Participants participants;
    private final SagaOperations operations;
    private final SagaQueries queries;

    StartController(
            MessageCodec codec,
            DefinitionRegistry definitions,
            SagaOperations operations,
            SagaQueries queries,
            Participants participants) {
        this.codec = codec;
        this.definitions = definitions;
        this.participants = participants;
        this.operations = operations;
        this.queries = queries;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Start a saga (OPERATOR)",
            description =
                    "Unique by definition and businessKey: the same input again answers the same saga, another input"
                            + " is refused with 409.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(schema = @Schema(implementation = StartRequest.class)))
    ResponseEntity<SagaView> start(
            @RequestBody byte[] body,
            @RequestHeader(name = MessageHeaders.CORRELATION_ID, required = false) @Nullable String correlationId,
            @RequestHeader(name = MessageHeaders.TRACEPARENT, required = false) @Nullable String traceparent,
            Principal user) {
        StartRequest request = read(body);
        LoadedDefinition definition = definitions
                .latest(request.definition())
                .orElseThrow(() -> invalid("/definition", "There is no such definition."));
        Handled handled = operations.start(
                definition.saga(),
                request.businessKey(),
                request.input(),
                Actors.operator(user),
                origin(correlationId, traceparent, request.businessKey()));
        return switch (handled.kind()) {
            case DONE, KNOWN -> accepted(Objects.requireNonNull(handled.sagaId()));
            case CONFLICT ->
                throw ProblemException.conflict(
                        "key-taken",
                        "A saga of '%s' with this businessKey runs already, with another input: %s."
                                .formatted(request.definition(), handled.sagaId()));
            case NOT_FOUND, REFUSED, LOST_RACE, SET_ASIDE, LEFT_TO_ANOTHER ->
                throw ProblemException.conflict(
                        "not-started", Objects.requireNonNullElse(handled.reason(), "The saga was not started."));
        };
    }

    private ResponseEntity<SagaView> accepted(UUID sagaId) {
        StoredSaga saga = queries.find(sagaId).orElseThrow();
        return ResponseEntity.accepted()
                .location(URI.create(ApiConfiguration.ROOT + "/sagas/" + sagaId))
                .eTag(Versions.etag(saga))
                .body(SagaView.of(saga, definitions, participants.paused()));
    }

    private StartRequest read(byte[] body) {
        Map<String, Object> fields;
        try {
            fields = codec.readObject(body);
        } catch (PoisonMessageException unreadable) {
            throw ProblemException.badRequest(unreadable.code(), unreadable.reason());
        }
        List<FieldError> errors = new ArrayList<>();
        String definition = text(fields, "definition", errors);
        String businessKey = text(fields, "businessKey", errors);
        Map<String, Object> input = object(fields.get("input")).orElseGet(() -> {
            errors.add(new FieldError("/input", "A JSON object is required."));
            return Map.of();
        });
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
        return new StartRequest(definition, businessKey, input);
    }

    private static String text(Map<String, Object> fields, String name, List<FieldError> errors) {
        if (fields.get(name) instanceof String text && !text.isBlank() && text.length() <= MOST_KEY_CHARACTERS) {
            return text;
        }
        errors.add(
                new FieldError("/" + name, "A text of 1 to %d characters is required.".formatted(MOST_KEY_CHARACTERS)));
        return "";
    }

    @SuppressWarnings("unchecked") // a JSON object has texts for keys
    private static Optional<Map<String, Object>> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? Optional.of((Map<String, Object>) map) : Optional.empty();
    }

    private static Origin origin(@Nullable String correlationId, @Nullable String traceparent, String businessKey) {
        if (correlationId != null && !CORRELATION.matcher(correlationId).matches()) {
            throw ProblemException.badRequest(
                    "invalid-correlation-id", "correlation-id is 1 to 128 visible ASCII characters.");
        }
        boolean isTraced =
                traceparent != null && TRACEPARENT.matcher(traceparent).matches();
        return new Origin(correlationId == null ? businessKey : correlationId, isTraced ? traceparent : null);
    }

    private static ProblemException invalid(String pointer, String message) {
        return ProblemException.invalid(List.of(new FieldError(pointer, message)));
    }
}
