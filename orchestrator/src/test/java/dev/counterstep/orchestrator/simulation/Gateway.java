package dev.counterstep.orchestrator.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.simulation.Message.Call;

/** A system outside every transaction: whoever enters a key first decides what becomes of it, as with a payment gateway. */
final class Gateway {

    enum Entry {
        DONE,
        DECLINED,
        VOIDED
    }

    private final World world;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Set<String> undone = new HashSet<>();

    Gateway(World world) {
        this.world = world;
    }

    Entry act(String key, Call call, int generation) {
        Entry known = entries.get(key);
        if (known != null) {
            return known;
        }
        Entry entered = world.faults.strike(Fault.DECLINED) ? Entry.DECLINED : Entry.DONE;
        entries.put(key, entered);
        if (entered == Entry.DONE) {
            world.say("gateway", () -> "does " + key);
            world.ledger.record(call.sagaId(), call.step(), Phase.ACTION, generation, world.now());
        }
        return entered;
    }

    /** Makes sure that nothing happens under the key any more; says what had happened. */
    Entry forbid(String key) {
        return entries.computeIfAbsent(key, unused -> Entry.VOIDED);
    }

    Entry find(String key) {
        return entries.getOrDefault(key, Entry.VOIDED);
    }

    void undo(String key, Call call, int generation) {
        if (undone.add(key)) {
            world.say("gateway", () -> "undoes " + key);
            world.ledger.record(call.sagaId(), call.step(), Phase.COMPENSATION, generation, world.now());
        }
    }
}
