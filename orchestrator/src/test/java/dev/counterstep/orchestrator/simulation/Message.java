package dev.counterstep.orchestrator.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.Phase;

/** What travels between the processes, without its wire format. */
sealed interface Message {

    String topic();

    /** Messages of one key keep their order. */
    String key();

    /** Who of its kind it is, in a word. */
    String id();

    /** A participant is to do something. */
    record Command(
            Call call,
            String key,
            Map<String, Object> payload,
            @Nullable Instant expiresAt) implements Message {

        @Override
        public String topic() {
            return call.participant() + ".commands";
        }

        @Override
        public String id() {
            return call.commandId() + ":" + call.attempt();
        }
    }

    /** A participant has answered. */
    record Reply(
            Call call,
            Outcome outcome,
            @Nullable String reason,
            @Nullable Duration retryAfter) implements Message {

        @Override
        public String topic() {
            return call.participant() + ".replies";
        }

        @Override
        public String key() {
            return call.sagaId().toString();
        }

        /** The same answer to the same attempt is the same reply, however often it is sent. */
        @Override
        public String id() {
            return call.commandId() + ":" + call.attempt() + ":" + outcome;
        }
    }

    /** Somebody wants a saga. */
    record Start(Order order) implements Message {

        @Override
        public String topic() {
            return "order.events";
        }

        @Override
        public String key() {
            return order.businessKey();
        }

        @Override
        public String id() {
            return "start " + order.businessKey();
        }
    }

    /** Somebody wants a saga undone. */
    record Cancel(Order order) implements Message {

        @Override
        public String topic() {
            return "order.events";
        }

        @Override
        public String key() {
            return order.businessKey();
        }

        @Override
        public String id() {
            return "cancel " + order.businessKey();
        }
    }

    /** What a saga is to be made of. */
    record Order(int number, String definition, String businessKey, Map<String, Object> input) {}

    /** Which command, sent to whom for which time. */
    record Call(UUID sagaId, String participant, String type, String step, Phase phase, int generation, int attempt) {

        String commandId() {
            return sagaId.getLeastSignificantBits() + ":" + step + ":" + phase + ":" + generation;
        }
    }
}
