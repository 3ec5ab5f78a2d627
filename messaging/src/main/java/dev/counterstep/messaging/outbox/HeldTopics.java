package dev.counterstep.messaging.outbox;

/**
 * Topics whose messages are to stay in the outbox for now, although the broker would take them. A bean of this type makes the
 * relay leave them out; what it has read before is still sent.
 *
 * @param query SQL without parameters that gives the topics, one text column without nulls, for the outbox's database. It is part of each read
 *     of the outbox, whichever instance reads, so that it is as new as what is read, and has to be cheap.
 */
public record HeldTopics(String query) {

    static final HeldTopics NONE = new HeldTopics("SELECT NULL::text WHERE false");
}
