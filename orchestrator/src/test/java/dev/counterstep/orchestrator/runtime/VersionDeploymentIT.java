package dev.counterstep.orchestrator.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.Phase;

import static dev.counterstep.orchestrator.runtime.Arrivals.event;
import static dev.counterstep.orchestrator.runtime.Arrivals.reply;
import static org.assertj.core.api.Assertions.assertThat;

/** A new version is deployed on two nodes while sagas of the old one are in flight, at every one of its steps. */
class VersionDeploymentIT {

    private static final String ONE = """
            saga: voyage
            version: 1
            start: {topic: order.events, type: voyage.booked, businessKey: input.voyage}
            steps:
              - {id: seat, participant: inventory, action: seat.take, compensation: seat.give}
              - parallel:
                  - {id: meal, participant: order, action: meal.order, compensation: meal.cancel}
                  - {id: bag, participant: delivery, action: bag.book, compensation: bag.cancel}
              - {id: money, participant: payment, action: money.take, compensation: money.give, kind: pivot}
              - {id: ticket, participant: order, action: ticket.print, kind: retriable, payload: {seat: steps.seat.by}}
            """;

    /** Inserts {@code check}, calls {@code money} {@code fare}, and takes the bag before the seat. */
    private static final String TWO = """
            saga: voyage
            version: 2
            start: {topic: order.events, type: voyage.booked, businessKey: input.voyage}
            steps:
              - {id: check, participant: order, action: passport.check}
              - {id: bag, participant: delivery, action: bag.book, compensation: bag.cancel}
              - {id: seat, participant: inventory, action: seat.take, compensation: seat.give}
              - {id: fare, participant: payment, action: money.take, compensation: money.give, kind: pivot}
              - {id: ticket, participant: order, action: ticket.print, kind: retriable, payload: {seat: steps.seat.by}}
            """;

    private static final int COMPLETED = 1_000;
    private static final int REFUSED = 100;
    private static final int NEW = 200;
    private static final int BATCH = 250;

    private static final List<String> COMPLETED_ONE =
            List.of("seat seat.take", "meal meal.order", "bag bag.book", "money money.take", "ticket ticket.print");
    private static final List<String> REFUSED_ONE = List.of(
            "seat seat.take",
            "meal meal.order",
            "bag bag.book",
            "money money.take",
            "meal meal.cancel",
            "bag bag.cancel",
            "seat seat.give");
    private static final List<String> COMPLETED_TWO =
            List.of("check passport.check", "bag bag.book", "seat seat.take", "fare money.take", "ticket ticket.print");

    private static OrchestratorNode node;
    private static OrchestratorNode other;

    private final Map<UUID, List<Command>> sent = new LinkedHashMap<>();
    private final Set<UUID> refused = new LinkedHashSet<>();
    private List<Command> open = new ArrayList<>();
    private int batches;

    /** What a participant sees of a command. */
    private record Command(UUID saga, String definition, String topic, String step, Phase phase, String type) {

        Arrival answered(Outcome outcome) {
            String participant = topic.replace(".commands", "");
            return reply(saga, participant, step, phase, outcome, Map.of("by", participant));
        }
    }

    @BeforeAll
    static void startNodes() {
        TestDatabase database = TestInfrastructure.newDatabase("orchestrator");
        node = OrchestratorNode.on(database);
        other = OrchestratorNode.on(database);
    }

    @AfterAll
    static void stopNodes() {
        node.close();
        other.close();
    }

    @AfterEach
    void everyLogFoldsToItsRow() {
        assertThat(node.bean(SagaVerifier.class).verify().difference()).isNull();
    }

    @Test
    void versionDeployedWithAThousandSagasInFlightRunsNoWrongStep() {
        node.define(ONE);
        Set<UUID> before = booked(node, "before-", COMPLETED + REFUSED);
        before.stream().skip(COMPLETED).forEach(refused::add);
        for (int stage = 1; stage <= 4; stage++) {
            int reached = stage;
            answer(command -> Math.floorMod(command.saga().hashCode(), 5) >= reached);
        }
        assertThat(currentSteps()).containsExactly("bag", "meal", "money", "seat", "ticket");

        node.define(TWO);
        other.refreshDefinitions();
        Set<UUID> after = new LinkedHashSet<>(booked(node, "after-", NEW / 2));
        after.addAll(booked(other, "later-", NEW / 2));
        while (answer(command -> true) > 0) {}

        assertThat(before).allSatisfy(saga -> {
            assertThat(sent.get(saga)).extracting(Command::definition).containsOnly("voyage:1");
            assertThat(types(saga)).isEqualTo(refused.contains(saga) ? REFUSED_ONE : COMPLETED_ONE);
        });
        assertThat(after).allSatisfy(saga -> {
            assertThat(sent.get(saga)).extracting(Command::definition).containsOnly("voyage:2");
            assertThat(types(saga)).isEqualTo(COMPLETED_TWO);
        });
        assertThat(states())
                .containsExactly("1 COMPENSATED " + REFUSED, "1 COMPLETED " + COMPLETED, "2 COMPLETED " + NEW);
    }

    private List<String> types(UUID saga) {
        return Objects.requireNonNull(sent.get(saga)).stream()
                .map(command -> command.step() + " " + command.type())
                .toList();
    }

    /** The events say nothing of a version: the node that reads them chooses. */
    private static Set<UUID> booked(OrchestratorNode reader, String prefix, int sagas) {
        List<InboundMessage> events = IntStream.range(0, sagas)
                .mapToObj(n -> event("voyage.booked", "{\"voyage\": \"%s%d\", \"n\": %d}".formatted(prefix, n, n)))
                .toList();
        Set<UUID> ids = new LinkedHashSet<>();
        reader.handle(reader.read(events)).forEach(handled -> ids.add(Objects.requireNonNull(handled.sagaId())));
        return ids;
    }

    /** Participants answer what they choose of all that was sent to them; both nodes take the answers in turns. */
    private int answer(Predicate<Command> chosen) {
        open.addAll(taken());
        List<Command> answered = open.stream().filter(chosen).toList();
        open = new ArrayList<>(open.stream().filter(chosen.negate()).toList());
        for (int from = 0; from < answered.size(); from += BATCH) {
            List<Arrival> replies = answered.subList(from, Math.min(from + BATCH, answered.size())).stream()
                    .map(command -> command.answered(outcome(command)))
                    .toList();
            (++batches % 2 == 0 ? node : other).handle(replies);
        }
        return answered.size();
    }

    private Outcome outcome(Command command) {
        return command.type().equals("money.take") && refused.contains(command.saga())
                ? Outcome.REJECTED
                : Outcome.SUCCEEDED;
    }

    /** Takes the commands out of the outbox, as the relay would, in their order. */
    private List<Command> taken() {
        List<Command> commands = node.sql()
                .sql("""
                        WITH taken AS (DELETE FROM outbox WHERE topic LIKE '%.commands' RETURNING *)
                        SELECT topic, headers ->> 'saga-id' AS saga, headers ->> 'saga-definition' AS definition,
                               headers ->> 'saga-step' AS step, headers ->> 'saga-phase' AS phase, headers ->> 'ce_type' AS type
                        FROM taken ORDER BY id
                        """)
                .query((row, n) -> new Command(
                        UUID.fromString(row.getString("saga")),
                        row.getString("definition"),
                        row.getString("topic"),
                        row.getString("step"),
                        Phase.valueOf(row.getString("phase")),
                        row.getString("type")))
                .list();
        commands.forEach(command ->
                sent.computeIfAbsent(command.saga(), saga -> new ArrayList<>()).add(command));
        return commands;
    }

    private static List<String> currentSteps() {
        return node.sql().sql("""
                        SELECT DISTINCT step FROM saga_v1.saga_step WHERE status = 'SENT' ORDER BY step
                        """).query(String.class).list();
    }

    private static List<String> states() {
        return node.sql().sql("""
                        SELECT format('%s %s %s', definition_version, status, count(*)) FROM saga
                        GROUP BY definition_version, status ORDER BY definition_version, status
                        """).query(String.class).list();
    }
}
