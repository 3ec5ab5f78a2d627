package dev.counterstep.orchestrator.api;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.persistence.ParticipantStore.Pause;
import dev.counterstep.orchestrator.runtime.Participants.Participant;

/**
 * A participant.
 *
 * @param name what definitions call it
 * @param paused whether new commands to it are held back
 * @param since since when; null while it is not paused
 * @param reason why; null while it is not paused
 * @param actor who paused it; null while it is not paused
 * @param waitingCommands how many commands to it wait to be sent
 * @param heardSince since when, as far as this node knows, it could be heard without a break; null while it cannot be: then the
 *     clocks that wait for it stand still
 */
record ParticipantView(
        String name,
        boolean paused,
        @Nullable Instant since,
        @Nullable String reason,
        @Nullable String actor,
        long waitingCommands,
        @Nullable Instant heardSince) {

    static ParticipantView of(Participant participant) {
        Pause pause = participant.pause();
        return new ParticipantView(
                participant.name(),
                pause != null,
                pause == null ? null : pause.since(),
                pause == null ? null : pause.reason(),
                pause == null ? null : pause.actor(),
                participant.waitingCommands(),
                participant.heardSince());
    }
}
