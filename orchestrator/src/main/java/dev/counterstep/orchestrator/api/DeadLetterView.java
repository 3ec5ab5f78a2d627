package dev.counterstep.orchestrator.api;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.persistence.DeadLetterStore.ArrivedLetter;
import dev.counterstep.orchestrator.persistence.DeadLetterStore.DeadLetter;
import dev.counterstep.orchestrator.persistence.DeadLetterStore.Origin;

/**
 * A message that was set aside.
 *
 * @param id the dead letter
 * @param topic where it was set aside
 * @param key its key; null when it had none
 * @param headers its headers, and those that say why it was set aside
 * @param size of its body, in bytes
 * @param code why, as a stable code
 * @param reason why, in one sentence
 * @param originalTopic where it was first read; null when its headers do not tell
 * @param originalPartition likewise
 * @param originalOffset likewise
 * @param arrivedAt when it was set aside
 */
record DeadLetterView(
        UUID id,
        String topic,
        @Nullable String key,
        Map<String, String> headers,
        int size,
        String code,
        String reason,
        @Nullable String originalTopic,
        @Nullable Integer originalPartition,
        @Nullable Long originalOffset,
        Instant arrivedAt) {

    static DeadLetterView of(ArrivedLetter arrived) {
        DeadLetter letter = arrived.letter();
        Origin origin = letter.origin();
        return new DeadLetterView(
                letter.id(),
                letter.topic(),
                letter.key(),
                letter.headers(),
                letter.body().length,
                letter.code(),
                letter.reason(),
                origin == null ? null : origin.topic(),
                origin == null ? null : Integer.valueOf(origin.partition()),
                origin == null ? null : Long.valueOf(origin.offset()),
                arrived.arrivedAt());
    }
}
