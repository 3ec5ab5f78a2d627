package dev.counterstep.messaging.participant;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.CommandMessage;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.messaging.SampleHandlers;
import dev.counterstep.messaging.TcpProxy;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.messaging.participant.ScriptedHandlers.Scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The listener on a real database: crash points and races, with two instances and the batches in the test's hands. */
class CommandListenerIT {

    private static final Executor THREADS = work -> {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    };

    private static final Scripts SCRIPT = new Scripts();
    private static TestDatabase database;
    private static TestInstance one;
    private static TestInstance other;

    private final UUID saga = UUID.randomUUID();

    @BeforeAll
    static void start() {
        database = TestInfrastructure.newDatabase("inventory");
        SampleHandlers.createTable(database);
        one = TestInstance.start(database, SCRIPT);
        other = TestInstance.start(database, SCRIPT);
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    @Test
    void replyIsStoredWithTheEffect() {
        one.poll(act(saga));

        assertThat(one.inbox(saga)).containsExactly("ACTION 1 SUCCEEDED");
        assertThat(one.outcomes(saga)).containsExactly("SUCCEEDED");
        assertThat(one.jdbc()
                        .queryForMap(
                                "SELECT reply_type, convert_from(body, 'UTF8') AS body FROM inbox WHERE saga_id = ?",
                                saga))
                .containsEntry("reply_type", "script.acted")
                .containsEntry("body", "{}");
    }

    @Test
    void handlerThatThrowsLeavesNoTraceAndIsRetryable() {
        SCRIPT.on(saga, "script.act", (command, jdbc) -> {
            addEffect(jdbc, command);
            throw new IllegalArgumentException("no luck");
        });

        one.poll(act(saga));

        assertThat(one.inbox(saga)).isEmpty();
        assertThat(effects(saga)).isZero();
        assertThat(one.outcomes(saga)).containsExactly("RETRYABLE");
        assertThat(one.reasons(saga)).containsExactly("IllegalArgumentException: no luck");

        SCRIPT.on(saga, "script.act", (command, jdbc) -> Outcome.succeeded());
        one.poll(act(saga).attempt(2));
        assertThat(one.outcomes(saga)).containsExactly("RETRYABLE", "SUCCEEDED");
    }

    @Test
    void retryableOutcomeRollsBackWhatTheHandlerDid() {
        SCRIPT.on(saga, "script.act", (command, jdbc) -> {
            addEffect(jdbc, command);
            return Outcome.retryable("busy", Duration.ofSeconds(7));
        });

        one.poll(act(saga));

        assertThat(one.inbox(saga)).isEmpty();
        assertThat(effects(saga)).isZero();
        assertThat(one.reasons(saga)).containsExactly("busy");
        assertThat(one.jdbc()
                        .queryForList(
                                "SELECT headers ->> 'saga-retry-after' FROM outbox WHERE headers ->> 'saga-id' = ?",
                                String.class,
                                saga.toString()))
                .containsExactly("PT7S");
    }

    @Test
    void errorsOfAHandlerAreRetryableToo() {
        SCRIPT.on(saga, "script.act", (command, jdbc) -> {
            throw new StackOverflowError();
        });

        one.poll(act(saga));

        assertThat(one.outcomes(saga)).containsExactly("RETRYABLE");
    }

    @Test
    void oneFailingCommandDoesNotFailItsBatch() {
        List<UUID> sagas = Stream.generate(UUID::randomUUID).limit(20).toList();
        SCRIPT.on(sagas.get(3), "script.act", (command, jdbc) -> {
            throw new IllegalStateException("always");
        });
        SCRIPT.on(sagas.get(5), "script.act", (command, jdbc) -> {
            throw new PoisonMessageException("unprocessable", "cannot be processed");
        });
        SCRIPT.on(sagas.get(7), "script.act", (command, jdbc) -> Outcome.succeeded(List.of("not an object")));
        SCRIPT.on(sagas.get(9), "script.act", (command, jdbc) -> Outcome.rejected("no"));

        one.poll(sagas.stream().map(CommandListenerIT::act).toList());

        for (int i = 0; i < sagas.size(); i++) {
            String expected = i == 3 || i == 5 || i == 7 ? "RETRYABLE" : i == 9 ? "REJECTED" : "SUCCEEDED";
            assertThat(one.outcomes(sagas.get(i))).as("command %d", i).containsExactly(expected);
            assertThat(one.inbox(sagas.get(i))).hasSize(expected.equals("RETRYABLE") ? 0 : 1);
            assertThat(one.deadLetters(sagas.get(i))).isEqualTo(i == 5 ? 1 : 0);
        }
    }

    @Test
    void commandsOfOneSagaInABatchRunInTheirOrder() {
        one.poll(act(saga), undo(saga), act(saga).attempt(2));

        assertThat(one.outcomes(saga)).containsExactly("SUCCEEDED", "SUCCEEDED", "SUCCEEDED");
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 SUCCEEDED", "COMPENSATION 1 SUCCEEDED");
    }

    @Test
    void compensationOfARejectedActionDoesNothing() {
        AtomicInteger undone = new AtomicInteger();
        SCRIPT.on(saga, "script.act", (command, jdbc) -> Outcome.rejected("no"));
        SCRIPT.on(saga, "script.undo", (command, jdbc) -> {
            undone.incrementAndGet();
            return Outcome.succeeded();
        });

        one.poll(act(saga), undo(saga));

        assertThat(one.outcomes(saga)).containsExactly("REJECTED", "SUCCEEDED");
        assertThat(undone).hasValue(0);
    }

    @Test
    void compensationOfWhatNoCommandDidRunsOnce() {
        AtomicInteger undone = new AtomicInteger();
        SCRIPT.on(saga, "script.undo-alone", (command, jdbc) -> {
            undone.incrementAndGet();
            return Outcome.succeeded();
        });

        one.poll(
                undo(saga).type("script.undo-alone"),
                undo(saga).type("script.undo-alone").attempt(2));

        assertThat(one.outcomes(saga)).containsExactly("SUCCEEDED", "SUCCEEDED");
        assertThat(undone).hasValue(1);
    }

    @Test
    void rejectedActionRunsAgainUnderTheNextGeneration() {
        SCRIPT.on(
                saga,
                "script.act",
                (command, jdbc) -> command.saga().generation() == 1 ? Outcome.rejected("no") : Outcome.succeeded());

        one.poll(act(saga), act(saga).attempt(2), act(saga).generation(2));

        assertThat(one.outcomes(saga)).containsExactly("REJECTED", "REJECTED", "SUCCEEDED");
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 REJECTED", "ACTION 2 SUCCEEDED");
    }

    @Test
    void actionOvertakenByItsNextGenerationIsRefused() {
        one.poll(act(saga).generation(3));
        SCRIPT.on(saga, "script.act", (command, jdbc) -> Outcome.rejected("must not run"));
        one.poll(act(saga).generation(2));

        assertThat(one.outcomes(saga)).containsExactly("SUCCEEDED", "SUCCEEDED");
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 EMPTY", "ACTION 2 EMPTY", "ACTION 3 SUCCEEDED");
    }

    @Test
    void generationBeyondTheLimitIsPoison() {
        one.poll(act(saga).generation(Integer.MAX_VALUE));

        assertThat(one.deadLetters(saga)).isEqualTo(1);
        assertThat(one.inbox(saga)).isEmpty();
    }

    @Test
    void commandInProgressStaysOpenAndRunsAgain() {
        SCRIPT.on(saga, "script.act", (command, jdbc) -> {
            addEffect(jdbc, command);
            return command.saga().attempt() == 1 ? Outcome.inProgress("a while") : Outcome.succeeded();
        });

        one.poll(act(saga));
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 OPEN");
        one.poll(act(saga).attempt(2));

        assertThat(one.outcomes(saga)).containsExactly("IN_PROGRESS", "SUCCEEDED");
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 SUCCEEDED");
        assertThat(effects(saga)).isEqualTo(2);
    }

    @Test
    void sameCommandAtTwoInstancesAtOnceAppliesOnce() {
        Gate gate = new Gate();
        AtomicInteger runs = new AtomicInteger();
        SCRIPT.on(saga, "script.act", (command, jdbc) -> {
            runs.incrementAndGet();
            addEffect(jdbc, command);
            gate.pass();
            return Outcome.succeeded();
        });

        CompletableFuture<?> first = later(() -> one.poll(act(saga)));
        gate.awaitArrival();
        CompletableFuture<?> second = later(() -> other.poll(act(saga)));
        awaitLockWait();
        gate.open();
        join(first, second);

        assertThat(runs).hasValue(1);
        assertThat(one.outcomes(saga)).containsExactly("SUCCEEDED", "SUCCEEDED");
    }

    @Test
    void compensationWaitsForItsActionInAnotherTransaction() {
        Gate gate = new Gate();
        AtomicInteger undone = new AtomicInteger();
        SCRIPT.on(saga, "script.act", (command, jdbc) -> {
            gate.pass();
            return Outcome.succeeded();
        });
        SCRIPT.on(saga, "script.undo", (command, jdbc) -> {
            undone.incrementAndGet();
            return Outcome.succeeded();
        });

        CompletableFuture<?> action = later(() -> one.poll(act(saga)));
        gate.awaitArrival();
        CompletableFuture<?> compensation = later(() -> other.poll(undo(saga)));
        awaitLockWait();
        assertThat(undone).hasValue(0);
        gate.open();
        join(action, compensation);

        assertThat(undone).hasValue(1);
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 SUCCEEDED", "COMPENSATION 1 SUCCEEDED");
    }

    @Test
    void actionWaitsForItsCompensationInAnotherTransactionAndIsRefused() {
        Gate gate = new Gate();
        UUID neighbour = UUID.randomUUID();
        SCRIPT.on(neighbour, "script.act", (command, jdbc) -> {
            gate.pass();
            return Outcome.succeeded();
        });

        CompletableFuture<?> compensation = later(() -> one.poll(undo(saga), act(neighbour)));
        gate.awaitArrival();
        CompletableFuture<?> action = later(() -> other.poll(act(saga)));
        awaitLockWait();
        gate.open();
        join(compensation, action);

        assertThat(one.outcomes(saga)).containsExactly("SUCCEEDED", "REJECTED");
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 EMPTY", "COMPENSATION 1 SUCCEEDED");
    }

    @Test
    void twoGenerationsOfACompensationAtOnceUndoOnce() {
        Gate gate = new Gate();
        AtomicInteger undone = new AtomicInteger();
        SCRIPT.on(saga, "script.undo", (command, jdbc) -> {
            undone.incrementAndGet();
            gate.pass();
            return Outcome.succeeded();
        });
        one.poll(act(saga));

        CompletableFuture<?> first = later(() -> one.poll(undo(saga)));
        gate.awaitArrival();
        CompletableFuture<?> second = later(() -> other.poll(undo(saga).generation(2)));
        awaitLockWait();
        gate.open();
        join(first, second);

        assertThat(undone).hasValue(1);
        assertThat(one.outcomes(saga)).containsExactly("SUCCEEDED", "SUCCEEDED", "SUCCEEDED");
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 SUCCEEDED", "ACTION 2 EMPTY", "COMPENSATION 1 SUCCEEDED");
    }

    @Test
    void crashBetweenCallAndOutcomeAsksAgain() {
        AtomicInteger charges = new AtomicInteger();
        List<String> keys = Collections.synchronizedList(new ArrayList<>());
        SCRIPT.on(
                saga,
                "script.act",
                (command, jdbc) -> new ExternalCall<>(
                        () -> {
                            keys.add(command.saga().idempotencyKey());
                            return charges.compareAndSet(0, 1) ? "charged" : "was charged";
                        },
                        answer -> {
                            if (answer.equals("charged")) {
                                throw new InternalError("the process dies here");
                            }
                            addEffect(jdbc, command);
                            return Outcome.succeeded();
                        }));

        assertThatThrownBy(() -> one.poll(act(saga))).hasRootCauseInstanceOf(InternalError.class);
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 OPEN");
        assertThat(one.outcomes(saga)).isEmpty();
        other.poll(act(saga));

        assertThat(keys).hasSize(2).containsOnly(saga + ":sample-step:1");
        assertThat(effects(saga)).isEqualTo(1);
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 SUCCEEDED");
        assertThat(one.outcomes(saga)).containsExactly("SUCCEEDED");
    }

    @Test
    void callThatThrowsIsRetryableAndItsCommandStaysOpen() {
        UUID neighbour = UUID.randomUUID();
        SCRIPT.on(
                saga,
                "script.act",
                (command, jdbc) -> new ExternalCall<>(
                        () -> {
                            throw new IOException("unreachable");
                        },
                        answer -> Outcome.succeeded()));
        SCRIPT.on(
                neighbour,
                "script.act",
                (command, jdbc) -> new ExternalCall<>(() -> "done", answer -> Outcome.succeeded()));

        one.poll(act(saga), act(neighbour));

        assertThat(one.outcomes(saga)).containsExactly("RETRYABLE");
        assertThat(one.reasons(saga)).containsExactly("IOException: unreachable");
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 OPEN");
        assertThat(one.outcomes(neighbour)).containsExactly("SUCCEEDED");
    }

    @Test
    void openCallIsResumedUnderItsOwnGeneration() {
        List<String> keys = Collections.synchronizedList(new ArrayList<>());
        SCRIPT.on(
                saga,
                "script.act",
                (command, jdbc) -> new ExternalCall<>(
                        () -> {
                            keys.add(command.saga().idempotencyKey());
                            if (keys.size() == 1) {
                                throw new IOException("unreachable");
                            }
                            return "done";
                        },
                        answer -> Outcome.succeeded()));

        one.poll(act(saga));
        one.poll(act(saga).generation(2));

        assertThat(keys).hasSize(2).containsOnly(saga + ":sample-step:1");
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 SUCCEEDED");
        assertThat(one.outcomes(saga)).containsExactly("RETRYABLE", "SUCCEEDED");
    }

    @Test
    void compensationDuringACallRunsAndTheLateCompletionHasNoEffect() {
        Gate gate = new Gate();
        AtomicInteger undone = new AtomicInteger();
        SCRIPT.on(
                saga,
                "script.act",
                (command, jdbc) -> new ExternalCall<>(
                        () -> {
                            gate.pass();
                            return "charged";
                        },
                        answer -> {
                            addEffect(jdbc, command);
                            return Outcome.succeeded();
                        }));
        SCRIPT.on(saga, "script.undo", (command, jdbc) -> {
            undone.incrementAndGet();
            return Outcome.succeeded();
        });

        CompletableFuture<?> action = later(() -> one.poll(act(saga)));
        gate.awaitArrival();
        other.poll(undo(saga));
        assertThat(undone).hasValue(1);
        gate.open();
        join(action);

        assertThat(effects(saga)).isZero();
        assertThat(one.inbox(saga)).containsExactly("ACTION 1 EMPTY", "COMPENSATION 1 SUCCEEDED");
        assertThat(one.outcomes(saga)).containsExactly("SUCCEEDED", "REJECTED");
    }

    @Test
    void sameCallAtTwoInstancesIsCompletedOnce() {
        Gate gate = new Gate();
        AtomicInteger calls = new AtomicInteger();
        SCRIPT.on(
                saga,
                "script.act",
                (command, jdbc) -> new ExternalCall<>(
                        () -> {
                            if (calls.incrementAndGet() == 1) {
                                gate.pass();
                            }
                            return "charged";
                        },
                        answer -> {
                            addEffect(jdbc, command);
                            return Outcome.succeeded();
                        }));

        CompletableFuture<?> slow = later(() -> one.poll(act(saga)));
        gate.awaitArrival();
        other.poll(act(saga).attempt(2));
        gate.open();
        join(slow);

        assertThat(effects(saga)).isEqualTo(1);
        assertThat(one.outcomes(saga)).containsExactly("SUCCEEDED", "SUCCEEDED");
    }

    @Test
    void batchesInOppositeOrderDoNotBlockOneAnother() {
        double splitsBefore = splits();
        for (int round = 0; round < 10; round++) {
            List<UUID> sagas = Stream.generate(UUID::randomUUID).limit(50).toList();
            List<CommandMessage> forth =
                    sagas.stream().map(CommandListenerIT::sample).toList();
            List<CommandMessage> back = new ArrayList<>(
                    sagas.stream().map(CommandListenerIT::sampleUndo).toList());
            Collections.reverse(back);

            join(
                    later(() -> one.poll(forth, command -> "one-key")),
                    later(() -> other.poll(back, command -> "one-key")));

            assertThat(sagas).allSatisfy(id -> assertThat(effects(id)).isZero());
        }
        assertThat(splits()).isEqualTo(splitsBefore);
    }

    @Test
    void roundTakesAsManyRoundTripsForAHundredCommandsAsForOne() {
        long single = statementsOf(List.of(act(UUID.randomUUID())));
        long hundred = statementsOf(
                IntStream.range(0, 100).mapToObj(i -> act(UUID.randomUUID())).toList());

        assertThat(hundred).isEqualTo(single).isEqualTo(2);
    }

    @Test
    void commandsOfOneTypeAreHandledTogether() {
        List<UUID> sagas = sagas(3);
        SCRIPT.on(sagas.get(1), "script.act-together", (command, jdbc) -> Outcome.rejected("no"));

        one.poll(actTogether(sagas));
        one.poll(actTogether(sagas));

        assertThat(SCRIPT.together).containsExactly(List.of(1, 1, 1));
        assertThat(outcomes(sagas))
                .containsExactly(
                        List.of("SUCCEEDED", "SUCCEEDED"),
                        List.of("REJECTED", "REJECTED"),
                        List.of("SUCCEEDED", "SUCCEEDED"));
    }

    @Test
    void commandsThatFailTogetherAreTriedAlone() {
        List<UUID> sagas = sagas(3);
        SCRIPT.on(sagas.get(1), "script.act-together", (command, jdbc) -> {
            addEffect(jdbc, command);
            throw new IllegalStateException("always");
        });

        one.poll(actTogether(sagas));

        assertThat(SCRIPT.together).containsExactly(List.of(1, 1, 1), List.of(1), List.of(1), List.of(1));
        assertThat(outcomes(sagas)).containsExactly(List.of("SUCCEEDED"), List.of("RETRYABLE"), List.of("SUCCEEDED"));
        assertThat(effects(sagas.get(1))).isZero();
    }

    @Test
    void whatAHandlerAddsIsWrittenWithTheOutcomes() {
        List<UUID> sagas = sagas(2);

        one.poll(List.of(add(sagas.get(0), 1), add(sagas.get(1), 1)));

        assertThat(outcomes(sagas)).containsExactly(List.of("SUCCEEDED"), List.of("SUCCEEDED"));
        assertThat(sagas).allSatisfy(saga -> assertThat(effects(saga)).isOne());
    }

    @Test
    void commandsWhoseWritesFailTogetherAreTriedAlone() {
        List<UUID> sagas = sagas(3);

        one.poll(List.of(add(sagas.get(0), 1), add(sagas.get(1), 0), add(sagas.get(2), 1)));

        assertThat(SCRIPT.together).extracting(List::size).containsExactly(3, 1, 1, 1);
        assertThat(outcomes(sagas)).containsExactly(List.of("SUCCEEDED"), List.of("RETRYABLE"), List.of("SUCCEEDED"));
        assertThat(sagas).extracting(saga -> effects(saga)).containsExactly(1, 0, 1);
    }

    @Test
    void handlerSeesWhatTheOneBeforeItAdded() {
        UUID added = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        List<Integer> seen = new CopyOnWriteArrayList<>();
        SCRIPT.on(other, "script.undo-alone", (command, jdbc) -> {
            seen.add(jdbc.queryForObject(
                    "SELECT count(*)::integer FROM sample_effect WHERE saga_id = ?", Integer.class, added));
            return Outcome.succeeded();
        });

        one.poll(List.of(CommandMessage.compensation(other, "script.undo-alone", "{}"), add(added, 1)));

        assertThat(seen).containsExactly(1);
    }

    @Test
    void callsThatShareACompletionAreCompletedTogether() {
        List<UUID> sagas = sagas(4);
        List<List<String>> completed = new CopyOnWriteArrayList<>();
        Completion<String> completion = Completion.together(answers -> {
            completed.add(answers);
            return answers.stream().map(Outcome::rejected).toList();
        });
        for (UUID each : sagas) {
            SCRIPT.on(
                    each,
                    "script.act-together",
                    (command, jdbc) -> new ExternalCall<>(() -> answer(sagas.indexOf(each)), completion));
        }

        one.poll(actTogether(sagas));

        assertThat(completed)
                .singleElement()
                .satisfies(
                        answers -> assertThat(answers).containsExactlyInAnyOrder("answer 0", "answer 1", "answer 3"));
        assertThat(outcomes(sagas))
                .containsExactly(List.of("REJECTED"), List.of("REJECTED"), List.of("RETRYABLE"), List.of("REJECTED"));
        assertThat(one.reasons(sagas.get(3))).containsExactly("answer 3");
    }

    private static String answer(int number) throws IOException {
        if (number == 2) {
            throw new IOException("unreachable");
        }
        return "answer " + number;
    }

    private static List<UUID> sagas(int count) {
        SCRIPT.together.clear();
        return Stream.generate(UUID::randomUUID).limit(count).toList();
    }

    private static List<CommandMessage> actTogether(List<UUID> sagas) {
        return sagas.stream()
                .map(saga -> CommandMessage.action(saga, "script.act-together", "{\"amount\": 1}"))
                .toList();
    }

    private static List<List<String>> outcomes(List<UUID> sagas) {
        return sagas.stream().map(saga -> one.outcomes(saga)).toList();
    }

    /** Who stands still in a transaction is cut off from it, and keeps nobody else from being answered. */
    @Test
    void handlerThatIsSilentInItsTransactionForTooLongIsRetryable() {
        UUID quick = UUID.randomUUID();
        SCRIPT.on(saga, "script.act", (command, jdbc) -> {
            addEffect(jdbc, command);
            Integer session = jdbc.queryForObject("SELECT pg_backend_pid()", Integer.class);
            jdbc.execute("SET LOCAL idle_in_transaction_session_timeout = '100ms'");
            awaitEndOf(session);
            return Outcome.succeeded();
        });

        one.poll(act(quick), act(saga));

        assertThat(one.outcomes(quick)).containsExactly("SUCCEEDED");
        assertThat(one.outcomes(saga)).containsExactly("RETRYABLE");
        assertThat(effects(saga)).isZero();
    }

    @Test
    void databaseThatIsAwayIsNobodysFault() {
        try (TcpProxy wire = TestInfrastructure.newPostgresWire();
                TestInstance far = TestInstance.start(TestInfrastructure.throughWire(database, wire), SCRIPT)) {
            SCRIPT.on(saga, "script.act", (command, jdbc) -> {
                addEffect(jdbc, command);
                wire.cut();
                return Outcome.succeeded();
            });
            assertThatThrownBy(() -> far.poll(act(saga), act(UUID.randomUUID())))
                    .satisfies(thrown ->
                            assertThat(DatabaseOutage.isBehind(thrown)).isTrue());
            assertThatThrownBy(() -> far.poll(act(saga)))
                    .satisfies(thrown ->
                            assertThat(DatabaseOutage.isBehind(thrown)).isTrue());
            assertThat(one.inbox(saga)).isEmpty();

            SCRIPT.on(saga, "script.act", (command, jdbc) -> Outcome.succeeded());
            wire.restore();
            far.poll(act(saga));
        }
        assertThat(one.outcomes(saga)).containsExactly("SUCCEEDED");
    }

    /** Rounds that failed together, by a deadlock for example. */
    private static double splits() {
        return Stream.of(one, other)
                .mapToDouble(instance -> instance.bean(MeterRegistry.class)
                        .counter("saga.command.splits")
                        .count())
                .sum();
    }

    private static long statementsOf(List<CommandMessage> commands) {
        var meter = one.bean(StatementCounter.class);
        long before = meter.count();
        one.poll(commands);
        return meter.count() - before;
    }

    private static CommandMessage act(UUID sagaId) {
        return CommandMessage.action(sagaId, "script.act", "{}");
    }

    private static CommandMessage add(UUID sagaId, int amount) {
        return CommandMessage.action(sagaId, "script.add", "{\"amount\": %d}".formatted(amount));
    }

    private static CommandMessage undo(UUID sagaId) {
        return CommandMessage.compensation(sagaId, "script.undo", "{}");
    }

    private static CommandMessage sample(UUID sagaId) {
        return CommandMessage.action(sagaId, "sample.apply", "{\"amount\": 1}");
    }

    private static CommandMessage sampleUndo(UUID sagaId) {
        return CommandMessage.compensation(sagaId, "sample.undo", "{\"amount\": 1}");
    }

    private static void addEffect(JdbcTemplate jdbc, Command command) {
        jdbc.update(
                "INSERT INTO sample_effect (saga_id, amount) VALUES (?, 1)",
                command.saga().sagaId());
    }

    private static int effects(UUID sagaId) {
        return SampleHandlers.effects(database.dataSource(), sagaId);
    }

    private static CompletableFuture<?> later(Runnable work) {
        return CompletableFuture.runAsync(work, THREADS);
    }

    private static void join(CompletableFuture<?>... futures) {
        CompletableFuture.allOf(futures).orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Waits until a transaction of this test's database waits for another one. */
    private static void awaitLockWait() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            Long waiting = one.jdbc()
                    .queryForObject(
                            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()",
                            Long.class);
            return waiting != null && waiting > 0;
        });
    }

    private static void awaitEndOf(@Nullable Integer session) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> Boolean.FALSE.equals(other.jdbc()
                        .queryForObject(
                                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ?)", Boolean.class, session)));
    }

    /** A place in a handler where the test can stop it. */
    private static final class Gate {

        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch opened = new CountDownLatch(1);

        void pass() {
            arrived.countDown();
            await(opened);
        }

        void awaitArrival() {
            await(arrived);
        }

        void open() {
            opened.countDown();
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
