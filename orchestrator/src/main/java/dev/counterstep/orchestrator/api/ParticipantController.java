package dev.counterstep.orchestrator.api;

import java.security.Principal;
import java.util.Optional;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import dev.counterstep.orchestrator.runtime.Participants;
import dev.counterstep.orchestrator.runtime.Participants.Participant;
import dev.counterstep.web.Page;
import dev.counterstep.web.ProblemException;

/** Shows participants, pauses and resumes them. Who did so and why is in view {@code saga_v1.operator_action}. */
@RestController
@RequestMapping(path = ApiConfiguration.ROOT + "/participants", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "participants", description = "Who does the steps, and whether they are sent any.")
class ParticipantController {

    private final Participants participants;

    ParticipantController(Participants participants) {
        this.participants = participants;
    }

    @GetMapping
    @Operation(summary = "List the participants by name")
    Page<ParticipantView> list() {
        return new Page<>(participants.list().stream().map(ParticipantView::of).toList(), null);
    }

    @PostMapping("/{name}/pause")
    @Operation(
            summary = "Hold back new commands to a participant (OPERATOR)",
            description = "The clocks of the steps that wait for it stand still. A pause that lasts stays as it is.")
    ParticipantView pause(@PathVariable("name") String name, @RequestBody OperationRequest request, Principal user) {
        return shown(participants.pause(name, Actors.operator(user), request.requiredReason()), name);
    }

    @PostMapping("/{name}/resume")
    @Operation(
            summary = "Let commands to a participant go again (OPERATOR)",
            description = "The clocks of the steps that wait for it start anew. Without effect unless it is paused.")
    ParticipantView resume(@PathVariable("name") String name, @RequestBody OperationRequest request, Principal user) {
        return shown(participants.resume(name, Actors.operator(user), request.requiredReason()), name);
    }

    private static ParticipantView shown(Optional<Participant> participant, String name) {
        return participant
                .map(ParticipantView::of)
                .orElseThrow(() -> ProblemException.notFound(
                        "unknown-participant", "There is no participant '%s'.".formatted(name)));
    }
}
