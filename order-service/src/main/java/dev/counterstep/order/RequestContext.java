package dev.counterstep.order;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.web.ProblemException;

/**
 * What ties a request's messages to it.
 *
 * @param correlationId the one the caller brought, null when it brought none: the order's id then serves
 * @param traceparent the W3C trace
 */
record RequestContext(@Nullable String correlationId, String traceparent) {

    static final String CORRELATION_HEADER = "X-Correlation-Id";
    static final String TRACE_HEADER = "traceparent";

    /**
     * From a request's headers.
     *
     * @throws ProblemException 400 when the correlation id could not travel on
     */
    static RequestContext of(@Nullable String correlationId, @Nullable String traceparent) {
        return new RequestContext(HeaderText.checked(CORRELATION_HEADER, correlationId), TraceParent.from(traceparent));
    }

    String correlationIdOr(UUID orderId) {
        return correlationId == null ? orderId.toString() : correlationId;
    }
}
