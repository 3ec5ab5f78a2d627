package dev.counterstep.orchestrator.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.persistence.ParticipantStore.Pause;
import dev.counterstep.orchestrator.persistence.SagaFilter;
import dev.counterstep.orchestrator.persistence.SagaQueries;
import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.runtime.Participants;
import dev.counterstep.orchestrator.runtime.SagaDiagnosis.Verdict;
import dev.counterstep.orchestrator.saga.SagaState;
import dev.counterstep.web.Cursor;
import dev.counterstep.web.Page;

/** Pages through sagas. A verdict is not in the database but diagnosed, so that a page of one is sought among many rows. */
@Component
class SagaPages {

    /** The most sagas that are looked at for one page; the cursor goes on where it ends. */
    private static final int MOST_SEEN = 2000;

    private static final int SEEN_AT_ONCE = 200;

    private final SagaQueries queries;
    private final DefinitionRegistry definitions;
    private final Participants participants;

    SagaPages(SagaQueries queries, DefinitionRegistry definitions, Participants participants) {
        this.queries = queries;
        this.definitions = definitions;
        this.participants = participants;
    }

    Page<SagaView> page(SagaFilter filter, @Nullable Verdict verdict, int limit, @Nullable String cursor) {
        UUID before = Cursor.read(cursor, values -> UUID.fromString(values.get(0)));
        return verdict == null
                ? plain(filter, limit, before)
                : diagnosed(narrowed(filter, verdict), verdict, limit, before);
    }

    private Page<SagaView> plain(SagaFilter filter, int limit, @Nullable UUID before) {
        List<SagaView> found = views(queries.page(filter, before, limit + 1));
        return Page.of(found, limit, last -> Cursor.of(last.id().toString()));
    }

    private Page<SagaView> diagnosed(SagaFilter filter, Verdict verdict, int limit, @Nullable UUID before) {
        Map<String, Pause> paused = participants.paused();
        List<StoredSaga> shown = new ArrayList<>();
        UUID last = before;
        for (int seen = 0; seen < MOST_SEEN; seen += SEEN_AT_ONCE) {
            List<StoredSaga> found = queries.page(filter, last, SEEN_AT_ONCE);
            for (StoredSaga saga : found) {
                last = id(saga);
                if (SagaView.diagnosis(saga, definitions, paused).verdict() == verdict) {
                    shown.add(saga);
                }
                if (shown.size() == limit) {
                    return page(shown, last);
                }
            }
            if (found.size() < SEEN_AT_ONCE) {
                return page(shown, null);
            }
        }
        return page(shown, last);
    }

    /** Only stuck sagas have the verdicts of stuck ones: the index finds those. */
    private static SagaFilter narrowed(SagaFilter filter, Verdict verdict) {
        return switch (verdict) {
            case AWAITING_REPLY, AWAITING_RETRY, DEFINITION_UNREADABLE, PARTICIPANT_PAUSED, ENDED -> filter;
            case ACTION_OUT_OF_ATTEMPTS,
                    ACTION_REJECTED,
                    COMPENSATION_OUT_OF_ATTEMPTS,
                    COMPENSATION_REJECTED,
                    COMMAND_NOT_BUILDABLE ->
                filter.status() != null
                        ? filter
                        : new SagaFilter(
                                SagaState.STUCK,
                                filter.definition(),
                                filter.businessKey(),
                                filter.startedAfter(),
                                filter.startedBefore());
        };
    }

    private Page<SagaView> page(List<StoredSaga> sagas, @Nullable UUID last) {
        return new Page<>(views(sagas), last == null ? null : Cursor.of(last.toString()));
    }

    private List<SagaView> views(List<StoredSaga> sagas) {
        Map<String, Pause> paused = participants.paused();
        return sagas.stream()
                .map(saga -> SagaView.of(saga, definitions, paused))
                .toList();
    }

    private static UUID id(StoredSaga saga) {
        return saga.instance().id();
    }
}
