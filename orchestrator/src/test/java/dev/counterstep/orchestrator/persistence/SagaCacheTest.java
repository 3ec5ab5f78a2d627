package dev.counterstep.orchestrator.persistence;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaState;

import static org.assertj.core.api.Assertions.assertThat;

class SagaCacheTest {

    private static final UUID ID = new UUID(0, 1);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final SagaCache cache = new SagaCache();

    @Test
    void sagaIsFoundAsItWasSaved() {
        StoredSaga saved = saga(3, SagaState.RUNNING, Map.of());
        cache.keep(List.of(saved));

        assertThat(cache.find(ID, 3, NOON)).isSameAs(saved);
    }

    @Test
    void sagaThatAnotherNodeHasChangedIsNotFound() {
        cache.keep(List.of(saga(3, SagaState.RUNNING, Map.of())));

        assertThat(cache.find(ID, 4, NOON)).isNull();
    }

    @Test
    void sameVersionOfAnotherHistoryIsAnotherSaga() {
        cache.keep(List.of(saga(3, SagaState.RUNNING, Map.of())));

        assertThat(cache.find(ID, 3, NOON.plusNanos(1_000))).isNull();
    }

    @Test
    void sagaThatDoesNotMoveByItselfIsForgotten() {
        cache.keep(List.of(saga(3, SagaState.RUNNING, Map.of())));
        cache.keep(List.of(saga(4, SagaState.STUCK, Map.of())));

        assertThat(cache.find(ID, 4, NOON)).isNull();
    }

    @Test
    void largeSagaIsReadAgainEachTime() {
        Map<String, Object> nested = Map.of("lines", List.of(Map.of("text", "x".repeat(5_000))));
        cache.keep(List.of(saga(3, SagaState.RUNNING, nested)));

        assertThat(cache.find(ID, 3, NOON)).isNull();
    }

    private static StoredSaga saga(long version, SagaState state, Map<String, Object> input) {
        SagaInstance instance = new SagaInstance(
                ID,
                "purchase",
                1,
                "order-1",
                state,
                NOON,
                NOON,
                null,
                null,
                null,
                state == SagaState.STUCK ? "refused" : null,
                new SagaInstance.Origin("correlation", null),
                input,
                Map.of(),
                Map.of());
        return new StoredSaga(instance, version, state.isActive() ? NOON : null);
    }
}
