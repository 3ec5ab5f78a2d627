package dev.counterstep.messaging;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A message as it was read from a topic, not yet trusted: the input of {@link MessageCodec}.
 *
 * @param topic where it was read
 * @param partition the partition it was read from
 * @param offset its offset there
 * @param key the record's key as text, null when it had none
 * @param headers the record's headers as text; of a repeated header the last counts
 * @param body the record's value, null for a tombstone
 */
@SuppressWarnings("ArrayRecordComponent")
public record InboundMessage(
        String topic,
        int partition,
        long offset,
        @Nullable String key,
        Map<String, String> headers,
        byte @Nullable [] body) {}
