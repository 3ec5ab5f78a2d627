package dev.counterstep.orchestrator.api;

import java.util.List;
import java.util.UUID;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import dev.counterstep.orchestrator.persistence.DeadLetterStore;
import dev.counterstep.web.Cursor;
import dev.counterstep.web.Page;

/** Shows what was set aside. */
@RestController
@RequestMapping(path = ApiConfiguration.ROOT + "/dead-letters", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "dead letters")
class DeadLetterController {

    private final DeadLetterStore letters;

    DeadLetterController(DeadLetterStore letters) {
        this.letters = letters;
    }

    @GetMapping
    @Operation(summary = "List messages that were set aside, the newest first, without their bodies")
    Page<DeadLetterView> list(
            @RequestParam(name = "limit", required = false) @Nullable Integer limit,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
        int most = Page.limit(limit);
        UUID before = Cursor.read(cursor, values -> UUID.fromString(values.get(0)));
        List<DeadLetterView> found =
                letters.page(before, most + 1).stream().map(DeadLetterView::of).toList();
        return Page.of(found, most, last -> Cursor.of(last.id().toString()));
    }
}
