package dev.counterstep.orchestrator.api;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.orchestrator.definition.DefinitionConflictException;
import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.definition.DefinitionRegistry.Registration;
import dev.counterstep.orchestrator.definition.LoadedDefinition;
import dev.counterstep.orchestrator.definition.UnknownDefinitionException;
import dev.counterstep.orchestrator.persistence.SagaQueries;
import dev.counterstep.orchestrator.persistence.SagaQueries.InFlight;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.web.Page;
import dev.counterstep.web.ProblemException;

/** Shows, checks and takes definitions, in YAML or JSON. What is wrong with one is answered by {@link DefinitionProblems}. */
@RestController
@RequestMapping(path = ApiConfiguration.ROOT + "/definitions", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "definitions")
class DefinitionController {

    private final DefinitionRegistry definitions;
    private final SagaQueries sagas;
    private final OrchestratorProperties properties;

    DefinitionController(DefinitionRegistry definitions, SagaQueries sagas, OrchestratorProperties properties) {
        this.definitions = definitions;
        this.sagas = sagas;
        this.properties = properties;
    }

    @GetMapping
    @Operation(summary = "List every version of every definition, with how many sagas it still carries")
    Page<DefinitionSummary> list() {
        List<InFlight> inFlight = sagas.inFlight();
        List<DefinitionSummary> all = definitions.all().stream()
                .map(definition -> new DefinitionSummary(
                        definition.saga().name(),
                        definition.saga().version(),
                        definition.checksum(),
                        isLatest(definition),
                        count(inFlight, definition)))
                .toList();
        return new Page<>(all, null);
    }

    @GetMapping(path = "/schema", produces = "application/schema+json")
    @Operation(summary = "The JSON Schema of a definition, for editors")
    Resource schema() {
        return new ClassPathResource("schemas/saga-definition.schema.json");
    }

    @GetMapping("/{name}/{version}")
    @Operation(summary = "Show a version of a definition, with a Mermaid diagram and how many sagas it still carries")
    DefinitionView show(@PathVariable("name") String name, @PathVariable("version") int version) {
        try {
            LoadedDefinition definition = definitions.find(name, version);
            return DefinitionView.of(definition, isLatest(definition), count(sagas.inFlight(), definition));
        } catch (UnknownDefinitionException unknown) {
            throw ProblemException.notFound("unknown-definition", unknown.reason());
        }
    }

    @PostMapping
    @Operation(summary = "Store a version of a definition; new sagas run the latest (ADMIN)")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = {
                @Content(mediaType = "application/yaml", schema = @Schema(type = "string")),
                @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object"))
            })
    ResponseEntity<DefinitionView> store(@RequestBody byte[] source) {
        try {
            Registration registration = definitions.register(text(source));
            LoadedDefinition definition = registration.definition();
            DefinitionView view =
                    DefinitionView.of(definition, isLatest(definition), count(sagas.inFlight(), definition));
            URI location = URI.create("%s/definitions/%s/%d"
                    .formatted(
                            ApiConfiguration.ROOT,
                            definition.saga().name(),
                            definition.saga().version()));
            return registration.isNew()
                    ? ResponseEntity.created(location).body(view)
                    : ResponseEntity.ok().location(location).body(view);
        } catch (DefinitionConflictException conflict) {
            throw ProblemException.conflict("version-taken", conflict.reason());
        }
    }

    @PostMapping("/validate")
    @Operation(
            summary = "Check a definition without storing it",
            description =
                    "Tells what its older versions still carry, what is hardly meant, and what would be sent for its example.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = {
                @Content(mediaType = "application/yaml", schema = @Schema(type = "string")),
                @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object"))
            })
    DefinitionCheck validate(@RequestBody byte[] source) {
        LoadedDefinition definition = definitions.validate(text(source));
        return new DefinitionCheck(
                definition.saga().name(),
                definition.saga().version(),
                definition.checksum(),
                isStored(definition),
                carriedByOlder(definition.saga()),
                warnings(definition.saga()),
                Mermaid.flowchart(definition.saga()),
                ExampleCommand.of(definition.example()));
    }

    private List<DefinitionCheck.Carried> carriedByOlder(SagaDefinition definition) {
        return sagas.inFlight().stream()
                .filter(count -> count.definition().equals(definition.name()) && count.version() < definition.version())
                .map(count -> new DefinitionCheck.Carried(count.version(), count.sagas()))
                .toList();
    }

    /** A command that is unsent for less than the patience is not noticed: within that time the clock of its step runs. */
    private List<String> warnings(SagaDefinition definition) {
        Duration patience = properties.outboxPatience();
        return definition.steps().stream()
                .filter(step -> step.timeout().compareTo(patience) <= 0)
                .map(step ->
                        "step '%s' may time out before its command is sent: its timeout of %d ms is not above counterstep.orchestrator.outbox-patience, %d ms"
                                .formatted(step.id(), step.timeout().toMillis(), patience.toMillis()))
                .toList();
    }

    /** @throws ProblemException 409 when this version is stored with other content */
    private boolean isStored(LoadedDefinition definition) {
        try {
            return definitions.isStored(definition);
        } catch (DefinitionConflictException conflict) {
            throw ProblemException.conflict("version-taken", conflict.reason());
        }
    }

    private boolean isLatest(LoadedDefinition definition) {
        return definitions
                .latest(definition.saga().name())
                .filter(latest -> latest.saga().version() == definition.saga().version())
                .isPresent();
    }

    private static long count(List<InFlight> counts, LoadedDefinition definition) {
        return counts.stream()
                .filter(count -> count.definition().equals(definition.saga().name())
                        && count.version() == definition.saga().version())
                .mapToLong(InFlight::sagas)
                .sum();
    }

    private static String text(byte[] source) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(source))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw ProblemException.badRequest("not-utf-8", "A definition is written in UTF-8.");
        }
    }
}
