package dev.counterstep.orchestrator.saga;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static dev.counterstep.orchestrator.saga.SagaFixtures.oneOfEachKind;
import static dev.counterstep.orchestrator.saga.SagaScenario.given;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every event does in every state: one expectation per cell, and {@code docs/saga-states.md} is generated from what the
 * machine really did. {@code -Dsaga.states.write=true} writes the page anew.
 */
class SagaTransitionsTest {

    private static final Path PAGE = Path.of("..", "docs", "saga-states.md");

    /** The states, each reached by a history of the definition {@code one-of-each-kind}. */
    private static final Map<String, Supplier<SagaScenario>> STATES = states();

    /** The events, after what leads to them; a reply answers the command that the saga sent last. */
    private static final Map<String, Function<SagaScenario, SagaEvent>> EVENTS = events();

    /**
     * The cells, in the order of {@link #STATES}: the state after the event, {@code =} when it stays, {@code -} when nothing
     * at all happens, {@code ignored} and {@code refused} when only that is logged or answered, {@code throws} when the machine
     * takes it for a fault of its caller.
     */
    private static final Map<String, List<String>> EXPECTED = expected("""
            event                      | RUNNING      | RUNNING, past the pivot | COMPENSATING | STUCK, undoing | STUCK, past the pivot | COMPLETED | COMPENSATED | ABANDONED
            start                      | throws       | throws                  | throws       | throws         | throws                | throws    | throws      | throws
            reply SUCCEEDED            | =            | COMPLETED               | COMPENSATED  | COMPENSATED    | COMPLETED             | ignored   | ignored     | ignored
            reply REJECTED             | COMPENSATING | STUCK                   | STUCK        | ignored        | ignored               | ignored   | ignored     | ignored
            reply RETRYABLE            | =            | =                       | =            | ignored        | ignored               | ignored   | ignored     | ignored
            reply RETRYABLE, last try  | COMPENSATING | STUCK                   | STUCK        | ignored        | ignored               | ignored   | ignored     | ignored
            reply EXPIRED, last try    | =            | STUCK                   | STUCK        | ignored        | ignored               | ignored   | ignored     | ignored
            reply IN_PROGRESS          | =            | =                       | =            | ignored        | ignored               | ignored   | ignored     | ignored
            reply of another generation| ignored      | ignored                 | ignored      | ignored        | ignored               | ignored   | ignored     | ignored
            timer, nothing due         | -            | -                       | -            | -              | -                     | -         | -           | -
            timer, reply overdue       | =            | =                       | =            | -              | -                     | -         | -           | -
            timer, overdue, last try   | COMPENSATING | STUCK                   | STUCK        | -              | -                     | -         | -           | -
            timer, deadline            | COMPENSATING | =                       | =            | -              | -                     | -         | -           | -
            cancel                     | COMPENSATING | refused                 | refused      | refused        | refused               | refused   | refused     | refused
            operator replay            | refused      | refused                 | refused      | COMPENSATING   | RUNNING               | refused   | refused     | refused
            operator compensate        | COMPENSATING | refused                 | refused      | refused        | refused               | refused   | refused     | refused
            operator skip              | refused      | refused                 | refused      | COMPENSATED    | COMPLETED             | refused   | refused     | refused
            operator abandon           | refused      | refused                 | refused      | ABANDONED      | ABANDONED             | refused   | refused     | refused
            """);

    @TestFactory
    Stream<DynamicTest> everyEventInEveryState() {
        return EVENTS.keySet().stream()
                .flatMap(event -> STATES.keySet().stream()
                        .map(state -> DynamicTest.dynamicTest(
                                event + " in " + state,
                                () -> assertThat(Cell.of(event, state).summary())
                                        .isEqualTo(expectation(event, state)))));
    }

    @Test
    void tableHasEveryEventThatThereIs() {
        SagaScenario saga = Objects.requireNonNull(STATES.get("RUNNING")).get();
        Set<Class<?>> inTheTable = EVENTS.values().stream()
                .map(event -> event.apply(saga).getClass())
                .collect(Collectors.toSet());
        assertThat(inTheTable).isEqualTo(Set.of(SagaEvent.class.getPermittedSubclasses()));
    }

    @Test
    void everyStateAndEveryKindOfLogEntryIsReached() {
        Set<SagaState> reached = EnumSet.noneOf(SagaState.class);
        Set<LogKind> logged = EnumSet.of(LogKind.SAGA_STARTED, LogKind.STEP_SKIPPED);
        EVENTS.keySet()
                .forEach(event -> STATES.keySet().forEach(state -> {
                    Cell cell = Cell.of(event, state);
                    reached.add(cell.after().state());
                    logged.addAll(cell.kinds());
                }));
        assertThat(reached).containsExactlyInAnyOrder(SagaState.values());
        assertThat(logged).containsExactlyInAnyOrder(LogKind.values());
    }

    @Test
    void pageIsFresh() throws IOException {
        String page = page();
        if (Boolean.getBoolean("saga.states.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("write it anew with -Dsaga.states.write=true").hasContent(page);
    }

    private record Cell(SagaInstance before, SagaInstance after, List<LogKind> kinds, boolean refused, boolean thrown) {

        static Cell of(String event, String state) {
            SagaScenario saga = Objects.requireNonNull(STATES.get(state)).get();
            SagaInstance before = saga.saga();
            SagaEvent last = Objects.requireNonNull(EVENTS.get(event)).apply(saga);
            SagaDecision decision;
            try {
                decision = saga.when(last).decision();
            } catch (IllegalArgumentException e) {
                return new Cell(before, before, List.of(), false, true);
            }
            boolean refused = decision.refusal() != null
                    || decision.entries().stream().anyMatch(entry -> entry.text(SagaLogEntry.Detail.REFUSED) != null);
            List<LogKind> kinds =
                    decision.entries().stream().map(SagaLogEntry::kind).toList();
            return new Cell(before, decision.next(), kinds, refused, false);
        }

        String summary() {
            if (thrown) {
                return "throws";
            }
            if (refused) {
                return "refused";
            }
            if (kinds.isEmpty()) {
                return "-";
            }
            if (kinds.equals(List.of(LogKind.REPLY_IGNORED))) {
                return "ignored";
            }
            return before.state() == after.state() ? "=" : after.state().name();
        }

        String described() {
            if (refused) {
                return kinds.isEmpty() ? "refused" : "refused, and logged so";
            }
            String logged = kinds.stream().map(kind -> "`" + kind + "`").collect(Collectors.joining(", "));
            return switch (summary()) {
                case "-" -> "nothing";
                case "throws" -> "throws";
                case "=" -> logged;
                default -> before.state() == after.state() ? logged : "**" + after.state() + "** " + logged;
            };
        }
    }

    private static Map<String, Supplier<SagaScenario>> states() {
        Map<String, Supplier<SagaScenario>> states = new LinkedHashMap<>();
        states.put("RUNNING", () -> given(oneOfEachKind()).started().succeeds("reserve"));
        states.put("RUNNING, past the pivot", SagaTransitionsTest::pastThePivot);
        states.put("COMPENSATING", SagaTransitionsTest::undoing);
        states.put("STUCK, undoing", () -> lastTry(undoing()).fails("reserve", "down"));
        states.put("STUCK, past the pivot", () -> lastTry(pastThePivot()).fails("complete", "down"));
        states.put("COMPLETED", () -> pastThePivot().succeeds("complete"));
        states.put("COMPENSATED", () -> undoing().succeeds("reserve"));
        states.put(
                "ABANDONED",
                () -> lastTry(undoing())
                        .fails("reserve", "down")
                        .when(new SagaEvent.AbandonRequested("operator:ada", "written off")));
        return states;
    }

    private static Map<String, Function<SagaScenario, SagaEvent>> events() {
        Map<String, Function<SagaScenario, SagaEvent>> events = new LinkedHashMap<>();
        events.put("start", SagaTransitionsTest::startedAgain);
        events.put("reply SUCCEEDED", saga -> answered(saga, Outcome.SUCCEEDED));
        events.put("reply REJECTED", saga -> answered(saga, Outcome.REJECTED));
        events.put("reply RETRYABLE", saga -> answered(saga, Outcome.RETRYABLE));
        events.put("reply RETRYABLE, last try", saga -> answered(lastTry(saga), Outcome.RETRYABLE));
        events.put(
                "reply EXPIRED, last try",
                saga -> lastTry(saga)
                        .answer(lastStep(saga), Outcome.RETRYABLE, "EXPIRED: the command came after its time"));
        events.put("reply IN_PROGRESS", saga -> answered(saga, Outcome.IN_PROGRESS));
        events.put("reply of another generation", SagaTransitionsTest::answeredForAnotherGeneration);
        events.put("timer, nothing due", saga -> new SagaEvent.TimerFired());
        events.put("timer, reply overdue", saga -> timerAfter(Duration.ofSeconds(30), saga));
        events.put("timer, overdue, last try", saga -> timerAfter(Duration.ofSeconds(30), lastTry(saga)));
        events.put("timer, deadline", saga -> timerAfter(Duration.ofMinutes(10), saga));
        events.put(
                "cancel", saga -> new SagaEvent.CancelRequested("client:/order-service", "changed my mind", "event-2"));
        events.put("operator replay", saga -> new SagaEvent.ReplayRequested("operator:ada", "repaired"));
        events.put("operator compensate", saga -> new SagaEvent.CompensateRequested("operator:ada", "fraud"));
        events.put("operator skip", saga -> new SagaEvent.SkipRequested("operator:ada", "done by hand"));
        events.put("operator abandon", saga -> new SagaEvent.AbandonRequested("operator:ada", "written off"));
        return events;
    }

    private static SagaScenario pastThePivot() {
        return given(oneOfEachKind()).started().succeeds("reserve").succeeds("pay");
    }

    private static SagaScenario undoing() {
        return given(oneOfEachKind()).started().succeeds("reserve").rejects("pay", "declined");
    }

    /** The step that was sent to last; in a saga that has ended, its last step of all. */
    private static String lastStep(SagaScenario saga) {
        return saga.commands().get(saga.commands().size() - 1).coordinates().step();
    }

    private static SagaEvent startedAgain(SagaScenario saga) {
        SagaInstance started = saga.saga();
        return new SagaEvent.StartRequested(
                started.id(),
                started.businessKey(),
                started.input(),
                started.origin(),
                "client:/order-service",
                "event-1");
    }

    private static SagaEvent answered(SagaScenario saga, Outcome outcome) {
        return saga.answer(lastStep(saga), outcome, "because");
    }

    private static SagaEvent answeredForAnotherGeneration(SagaScenario saga) {
        SagaEvent.ReplyArrived reply = saga.answer(lastStep(saga), Outcome.SUCCEEDED, null);
        return new SagaEvent.ReplyArrived(
                reply.step(),
                reply.phase(),
                reply.generation() + 1,
                reply.attempt(),
                reply.outcome(),
                null,
                null,
                Map.of(),
                reply.messageId());
    }

    private static SagaEvent timerAfter(Duration time, SagaScenario saga) {
        saga.after(time);
        return new SagaEvent.TimerFired();
    }

    /** One attempt has failed and the second, the last, is under way; a saga that does not move is left as it is. */
    private static SagaScenario lastTry(SagaScenario saga) {
        return saga.saga().state().isActive()
                ? saga.fails(lastStep(saga), "down").due()
                : saga;
    }

    private static Map<String, List<String>> expected(String table) {
        List<List<String>> rows = table.lines()
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .toList();
        assertThat(rows.get(0).subList(1, rows.get(0).size())).containsExactlyElementsOf(STATES.keySet());
        Map<String, List<String>> cells = new LinkedHashMap<>();
        rows.subList(1, rows.size()).forEach(row -> cells.put(row.get(0), row.subList(1, row.size())));
        assertThat(new TreeSet<>(cells.keySet())).isEqualTo(new TreeSet<>(EVENTS.keySet()));
        return cells;
    }

    private static String expectation(String event, String state) {
        return Objects.requireNonNull(EXPECTED.get(event))
                .get(List.copyOf(STATES.keySet()).indexOf(state));
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Saga states

                Generated by `SagaTransitionsTest` from what the state machine really does; the build fails when this page is stale.
                `./mvnw -pl orchestrator -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=SagaTransitionsTest -Dsaga.states.write=true` writes it anew.

                ```mermaid
                stateDiagram-v2
                    [*] --> RUNNING
                """);
        arrows().forEach(arrow -> page.append("    ").append(arrow).append("\n"));
        page.append("```\n\n");
        page.append("""
                Each cell: the state that follows in bold (the saga stays where it is when there is none), then what is
                appended to the saga log. "Nothing" changes and logs nothing; "refused" is told to whoever asked; what "throws" is
                a fault of the caller, who looks first whether a saga is there. The saga of
                the table has three steps, one of each kind, and two attempts a step; a reply answers the command sent last.

                """);
        page.append("| event | ").append(String.join(" | ", STATES.keySet())).append(" |\n");
        page.append("|---|").append("---|".repeat(STATES.size())).append("\n");
        EVENTS.keySet()
                .forEach(event -> page.append("| ")
                        .append(event)
                        .append(" | ")
                        .append(STATES.keySet().stream()
                                .map(state -> Cell.of(event, state).described())
                                .collect(Collectors.joining(" | ")))
                        .append(" |\n"));
        return page.toString();
    }

    /** Every move from one state to another that the table holds, with the events that make it. */
    private static List<String> arrows() {
        Map<String, Set<String>> events = new LinkedHashMap<>();
        STATES.keySet()
                .forEach(state -> EVENTS.keySet().forEach(event -> {
                    Cell cell = Cell.of(event, state);
                    if (cell.before().state() != cell.after().state()) {
                        events.computeIfAbsent(
                                        cell.before().state() + " --> "
                                                + cell.after().state(),
                                        arrow -> new LinkedHashSet<>())
                                .add(event);
                    }
                }));
        Stream<String> moves =
                events.entrySet().stream().map(move -> move.getKey() + " : " + String.join(" / ", move.getValue()));
        Stream<String> ends =
                Arrays.stream(SagaState.values()).filter(SagaState::isFinal).map(state -> state + " --> [*]");
        return Stream.concat(moves, ends).toList();
    }
}
