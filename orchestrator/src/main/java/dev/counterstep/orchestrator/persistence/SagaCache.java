package dev.counterstep.orchestrator.persistence;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaInstance;

/**
 * The active sagas that this node saved last, so that it need not read and parse them when it locks them again.
 *
 * <p>What is here can be missing, never wrong: it counts only when the locked row has the same version and the same time of its
 * last change. Every update takes a higher version, a trigger sees to it; the time tells two histories of one database apart,
 * should a standby take over that missed the end of the first. Safe for use by several threads.
 */
final class SagaCache {

    /** More are seldom in flight at one node at once. */
    private static final int MOST_SAGAS = 5_000;

    /** Characters of a saga's input and replies; larger sagas are read again each time, or they would fill the heap. */
    private static final int MOST_CHARS = 4_096;

    private static final int CHARS_AROUND_A_VALUE = 16;

    private final Map<UUID, StoredSaga> sagas = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, StoredSaga> eldest) {
            return size() > MOST_SAGAS;
        }
    };

    /**
     * A saga, if it is here as it is there.
     *
     * @param version of its locked row
     * @param updatedAt when that row last changed
     */
    synchronized @Nullable StoredSaga find(UUID id, long version, Instant updatedAt) {
        StoredSaga saga = sagas.get(id);
        boolean same = saga != null
                && saga.version() == version
                && saga.instance().updatedAt().equals(updatedAt);
        return same ? saga : null;
    }

    /** Keeps what was committed, as long as it is active. */
    synchronized void keep(Collection<StoredSaga> saved) {
        for (StoredSaga saga : saved) {
            UUID id = saga.instance().id();
            if (saga.instance().state().isActive() && isSmall(saga.instance())) {
                sagas.put(id, saga);
            } else {
                sagas.remove(id);
            }
        }
    }

    private static boolean isSmall(SagaInstance saga) {
        return chars(saga.input()) + chars(saga.replies()) <= MOST_CHARS;
    }

    // For every saga of every batch: loops, no streams.
    private static int chars(@Nullable Object value) {
        if (value instanceof String text) {
            return text.length();
        }
        int chars = CHARS_AROUND_A_VALUE;
        if (value instanceof Map<?, ?> map) {
            for (Object member : map.values()) {
                chars += chars(member);
            }
        } else if (value instanceof Collection<?> list) {
            for (Object item : list) {
                chars += chars(item);
            }
        }
        return chars;
    }
}
