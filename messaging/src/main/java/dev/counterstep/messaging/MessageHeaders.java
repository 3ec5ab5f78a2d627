package dev.counterstep.messaging;

/** The header names of the wire protocol, all UTF-8 text. */
public final class MessageHeaders {

    public static final String CE_SPECVERSION = "ce_specversion";
    public static final String CE_ID = "ce_id";
    public static final String CE_TYPE = "ce_type";
    public static final String CE_SOURCE = "ce_source";
    public static final String CE_TIME = "ce_time";
    public static final String CE_SUBJECT = "ce_subject";
    public static final String CONTENT_TYPE = "content-type";
    public static final String TRACEPARENT = "traceparent";
    public static final String CORRELATION_ID = "correlation-id";
    public static final String SAGA_ID = "saga-id";
    public static final String SAGA_DEFINITION = "saga-definition";
    public static final String SAGA_STEP = "saga-step";
    public static final String SAGA_PHASE = "saga-phase";
    public static final String SAGA_GENERATION = "saga-generation";
    public static final String SAGA_ATTEMPT = "saga-attempt";
    public static final String SAGA_EXPIRES_AT = "saga-expires-at";
    public static final String SAGA_REPLY_TO = "saga-reply-to";
    public static final String SAGA_OUTCOME = "saga-outcome";
    public static final String SAGA_REASON = "saga-reason";

    /** With {@code RETRYABLE}: the least wait before the next attempt, an ISO-8601 duration. */
    public static final String SAGA_RETRY_AFTER = "saga-retry-after";

    /** On a dead letter: a stable code of what was wrong, then the sentence that explains it, then where it was read. */
    public static final String DLT_CODE = "dlt-code";

    public static final String DLT_REASON = "dlt-reason";
    public static final String DLT_TOPIC = "dlt-original-topic";
    public static final String DLT_PARTITION = "dlt-original-partition";
    public static final String DLT_OFFSET = "dlt-original-offset";

    /** On a dead letter whose body had to be cut: the original's size in bytes. */
    public static final String DLT_CUT = "dlt-cut";

    private MessageHeaders() {}
}
