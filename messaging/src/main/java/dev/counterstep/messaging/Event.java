package dev.counterstep.messaging;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened, told to whoever listens: {@code order.created}, {@code saga.completed}.
 *
 * @param id {@code ce_id}, unique for its source
 * @param type {@code ce_type}
 * @param source {@code ce_source}, the service that says so, for example {@code /order-service}
 * @param subject {@code ce_subject}: the saga id on {@code saga.events}, the order id on {@code order.events}
 * @param time when it happened
 * @param correlationId links all that one request caused
 * @param traceparent W3C trace context to carry on, null when there is none
 * @param body a JSON object, UTF-8
 */
@SuppressWarnings("ArrayRecordComponent")
public record Event(
        String id,
        String type,
        String source,
        String subject,
        Instant time,
        String correlationId,
        @Nullable String traceparent,
        byte[] body) {}
