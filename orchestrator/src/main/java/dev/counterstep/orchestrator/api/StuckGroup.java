package dev.counterstep.orchestrator.api;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.runtime.SagaDiagnosis;
import dev.counterstep.orchestrator.saga.SagaInstance;

/**
 * Stuck sagas that have the same in common. What they were not grouped by is null.
 *
 * @param verdict what is the matter with them
 * @param definition their definition's name
 * @param step the step they are stuck at
 * @param reason why
 * @param count how many there are
 * @param since since when the oldest has been stuck
 * @param oldestSagaId the one that has been stuck longest
 */
record StuckGroup(
        SagaDiagnosis.@Nullable Verdict verdict,
        @Nullable String definition,
        @Nullable String step,
        @Nullable String reason,
        long count,
        Instant since,
        UUID oldestSagaId) {

    /** By what stuck sagas can be grouped. */
    enum Grouping {
        VERDICT,
        DEFINITION,
        STEP,
        REASON
    }

    /** Groups sagas, those with the saga that has been stuck longest first. */
    static List<StuckGroup> of(Collection<StoredSaga> stuck, Set<Grouping> by) {
        Map<StuckGroup, StuckGroup> groups = new LinkedHashMap<>();
        stuck.stream()
                .map(StoredSaga::instance)
                .sorted(Comparator.comparing(SagaInstance::updatedAt))
                .forEach(saga -> groups.merge(common(saga, by), one(saga, by), StuckGroup::plus));
        return List.copyOf(groups.values());
    }

    /** What a saga's group has in common, as the group's key. */
    private static StuckGroup common(SagaInstance saga, Set<Grouping> by) {
        return group(saga, by, 0, Instant.EPOCH, new UUID(0, 0));
    }

    private static StuckGroup one(SagaInstance saga, Set<Grouping> by) {
        return group(saga, by, 1, saga.updatedAt(), saga.id());
    }

    private static StuckGroup group(SagaInstance saga, Set<Grouping> by, long count, Instant since, UUID oldest) {
        return new StuckGroup(
                by.contains(Grouping.VERDICT) ? SagaDiagnosis.of(saga, Map.of()).verdict() : null,
                by.contains(Grouping.DEFINITION) ? saga.definition() : null,
                by.contains(Grouping.STEP) ? saga.currentStep() : null,
                by.contains(Grouping.REASON) ? saga.failureReason() : null,
                count,
                since,
                oldest);
    }

    private StuckGroup plus(StuckGroup younger) {
        return new StuckGroup(verdict, definition, step, reason, count + younger.count(), since, oldestSagaId);
    }
}
