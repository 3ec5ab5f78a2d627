package dev.counterstep.orchestrator.api;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.UUID;

import jakarta.servlet.http.HttpServletResponse;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

import dev.counterstep.orchestrator.persistence.LoggedEntry;
import dev.counterstep.orchestrator.persistence.SagaLogStore;
import dev.counterstep.orchestrator.persistence.SagaQueries;
import dev.counterstep.web.Cursor;
import dev.counterstep.web.Page;

/** Shows what happened to a saga, oldest first: by pages, or all of it as lines of JSON. */
@RestController
@RequestMapping(ApiConfiguration.ROOT + "/sagas/{id}/log")
@Tag(name = "sagas")
class SagaLogController {

    private static final int ENTRIES_AT_ONCE = 500;

    private final SagaQueries sagas;
    private final SagaLogStore log;
    private final JsonMapper json;

    SagaLogController(SagaQueries sagas, SagaLogStore log, JsonMapper json) {
        this.sagas = sagas;
        this.log = log;
        this.json = json;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Show a saga's log, oldest first; also as application/x-ndjson, then whole")
    Page<LogEntryView> page(
            @PathVariable("id") String id,
            @RequestParam(name = "limit", required = false) @Nullable Integer limit,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
        UUID sagaId = existing(id);
        int most = Page.limit(limit);
        Long after = Cursor.read(cursor, values -> Long.valueOf(values.get(0)));
        List<LogEntryView> found = log.page(sagaId, after == null ? 0 : after, most + 1).stream()
                .map(LogEntryView::of)
                .toList();
        return Page.of(found, most, last -> Cursor.of(String.valueOf(last.seq())));
    }

    @GetMapping(produces = MediaType.APPLICATION_NDJSON_VALUE)
    void lines(@PathVariable("id") String id, HttpServletResponse response) throws IOException {
        UUID sagaId = existing(id);
        response.setContentType(MediaType.APPLICATION_NDJSON_VALUE);
        OutputStream out = response.getOutputStream();
        long seen = 0;
        List<LoggedEntry> entries;
        do {
            entries = log.page(sagaId, seen, ENTRIES_AT_ONCE);
            for (LoggedEntry entry : entries) {
                out.write(json.writeValueAsBytes(LogEntryView.of(entry)));
                out.write('\n');
                seen = entry.seq();
            }
        } while (entries.size() == ENTRIES_AT_ONCE);
    }

    private UUID existing(String id) {
        UUID sagaId = SagaIdentity.of(id);
        if (sagas.find(sagaId).isEmpty()) {
            throw SagaIdentity.unknown(id);
        }
        return sagaId;
    }
}
