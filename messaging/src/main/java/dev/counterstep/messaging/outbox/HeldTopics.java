package dev.counterstep.messaging.outbox;

import java.util.Set;
import java.util.function.Supplier;

/**
 * Topics whose messages are to stay in the outbox for now, although the broker would take them. A bean of this type makes the
 * relay leave them out; what it has read before is still sent.
 *
 * @param now the topics; asked on the relay's thread before each batch. Every instance on the database must come to the same
 *     answer, whichever has the relay. While it throws nothing is sent.
 */
public record HeldTopics(Supplier<Set<String>> now) {

    static final HeldTopics NONE = new HeldTopics(Set::of);
}
