package dev.counterstep.orchestrator.definition;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a new definition may refer to. One that is stored already has passed: what is allowed today does not change what is
 * running.
 *
 * @param participants who it may send commands to; null for anybody
 * @param topics whose events may start or cancel its sagas; null for any
 */
record AllowList(
        @Nullable Set<String> participants, @Nullable Set<String> topics) {

    static final AllowList ANY = new AllowList(null, null);
}
