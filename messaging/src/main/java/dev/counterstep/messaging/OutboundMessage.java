package dev.counterstep.messaging;

import java.util.Map;

/**
 * A message on its way out, as it rests in the outbox.
 *
 * @param topic where it goes
 * @param key the record's key: messages of one key keep their order
 * @param headers the record's headers, UTF-8
 * @param body the record's value
 */
@SuppressWarnings("ArrayRecordComponent")
public record OutboundMessage(String topic, String key, Map<String, String> headers, byte[] body) {}
