package dev.counterstep.orchestrator.api;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.persistence.SagaFilter;
import dev.counterstep.orchestrator.persistence.SagaQueries;
import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.runtime.Participants;
import dev.counterstep.orchestrator.runtime.SagaDiagnosis.Verdict;
import dev.counterstep.orchestrator.saga.SagaState;
import dev.counterstep.web.Page;

/** Shows sagas. */
@RestController
@RequestMapping(path = ApiConfiguration.ROOT + "/sagas", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sagas", description = "What sagas do and did.")
class SagaController {

    /** The most stuck sagas that are looked at to group them; of more, the oldest. */
    private static final int MOST_STUCK = 10_000;

    private final SagaQueries queries;
    private final SagaPages pages;
    private final DefinitionRegistry definitions;
    private final Participants participants;

    SagaController(SagaQueries queries, SagaPages pages, DefinitionRegistry definitions, Participants participants) {
        this.queries = queries;
        this.pages = pages;
        this.definitions = definitions;
        this.participants = participants;
    }

    @GetMapping
    @Operation(
            summary = "List sagas, the newest first",
            description = "A page can be shorter than the limit; the list ends where nextCursor is null.")
    Page<SagaView> list(
            @RequestParam(name = "status", required = false) @Nullable String status,
            @RequestParam(name = "definition", required = false) @Nullable String definition,
            @RequestParam(name = "businessKey", required = false) @Nullable String businessKey,
            @RequestParam(name = "verdict", required = false) @Nullable String verdict,
            @RequestParam(name = "startedAfter", required = false) @Nullable String startedAfter,
            @RequestParam(name = "startedBefore", required = false) @Nullable String startedBefore,
            @RequestParam(name = "limit", required = false) @Nullable Integer limit,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
        SagaState state = QueryValues.word("status", status, SagaState.class);
        Verdict wanted = QueryValues.word("verdict", verdict, Verdict.class);
        Instant after = QueryValues.time("startedAfter", startedAfter);
        Instant before = QueryValues.time("startedBefore", startedBefore);
        SagaFilter filter = new SagaFilter(state, definition, businessKey, after, before);
        return pages.page(filter, wanted, Page.limit(limit), cursor);
    }

    @GetMapping("/{id}")
    @Operation(summary = "Show a saga", description = "The ETag is its version, for If-Match of the operator actions.")
    ResponseEntity<SagaView> show(@PathVariable("id") String id) {
        UUID sagaId = SagaIdentity.of(id);
        StoredSaga saga = queries.find(sagaId).orElseThrow(() -> SagaIdentity.unknown(id));
        return ResponseEntity.ok()
                .eTag(Versions.etag(saga))
                .body(SagaView.of(saga, definitions, participants.paused()));
    }

    @GetMapping("/stuck")
    @Operation(summary = "Count what is stuck and why, the oldest first")
    Page<StuckGroup> stuck(@RequestParam(name = "groupBy", required = false) @Nullable String groupBy) {
        Set<StuckGroup.Grouping> by = QueryValues.words("groupBy", groupBy, StuckGroup.Grouping.class);
        List<StuckGroup> groups = StuckGroup.of(queries.stuck(MOST_STUCK), by);
        return new Page<>(groups, null);
    }
}
