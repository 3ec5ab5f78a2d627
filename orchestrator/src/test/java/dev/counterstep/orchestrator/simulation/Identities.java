package dev.counterstep.orchestrator.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.simulation.Message.Call;

/** A watch over commands: whatever the attempt, each is the same one, and with its counterpart it keeps its order. */
final class Identities {

    private record Command(UUID sagaId, String step, Phase phase, int generation) {}

    private record Step(UUID sagaId, String step) {}

    private record Content(String type, String key, Map<String, Object> payload) {}

    private final World world;
    private final Map<Command, Content> contents = new HashMap<>();
    private final Map<Step, String> keys = new HashMap<>();

    Identities(World world) {
        this.world = world;
    }

    /** An attempt is to be sent, for certain. */
    void watch(Message.Command command) {
        Call call = command.call();
        Content now = new Content(call.type(), command.key(), command.payload());
        Content before =
                contents.putIfAbsent(new Command(call.sagaId(), call.step(), call.phase(), call.generation()), now);
        if (before != null && !before.equals(now)) {
            world.violated(Check.IDENTITY_IS_STABLE, call.commandId() + " was " + before + " and is " + now);
        }
        String first = keys.putIfAbsent(new Step(call.sagaId(), call.step()), command.key());
        if (first != null && !first.equals(command.key())) {
            world.violated(
                    Check.ONE_KEY_FOR_A_STEP, call.commandId() + " has key " + command.key() + " after " + first);
        }
    }
}
