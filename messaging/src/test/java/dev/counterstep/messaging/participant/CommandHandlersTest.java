package dev.counterstep.messaging.participant;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.context.support.GenericApplicationContext;

import dev.counterstep.messaging.Command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CommandHandlersTest {

    @Test
    void methodsAreFoundByTheirType() {
        CommandHandlers handlers = handlersOf(Good.class);

        assertThat(handlers.types())
                .containsExactly(
                        "sample.bare", "sample.many", "sample.many-typed", "sample.many-writing", "sample.typed");
        assertThat(handlers.find("sample.typed")).isNotNull().satisfies(handler -> {
            assertThat(handler.bodyType()).isEqualTo(Good.Body.class);
            assertThat(handler).hasToString("Good.typed");
        });
        assertThat(handlers.find("sample.many-typed")).isNotNull().satisfies(handler -> {
            assertThat(handler.bodyType()).isEqualTo(Good.Body.class);
            assertThat(handler.takesMany()).isTrue();
        });
        assertThat(handlers.find("sample.unknown")).isNull();
    }

    @Test
    void twoHandlersOfOneTypeStopTheApplication() {
        assertThatThrownBy(() -> handlersOf(Good.class, Duplicate.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Good.bare")
                .hasMessageContaining("Duplicate.bare")
                .hasMessageContaining("sample.bare");
    }

    @Test
    void wrongSignatureStopsTheApplication() {
        assertThatThrownBy(() -> handlersOf(WrongReturn.class)).hasMessageContaining("WrongReturn.handle");
        assertThatThrownBy(() -> handlersOf(NoCommand.class)).hasMessageContaining("NoCommand.handle");
        assertThatThrownBy(() -> handlersOf(BodyIsNoRecord.class)).hasMessageContaining("BodyIsNoRecord.handle");
        assertThatThrownBy(() -> handlersOf(Nothing.class)).hasMessageContaining("Nothing.handle");
        assertThatThrownBy(() -> handlersOf(ManyWithoutResults.class)).hasMessageContaining("WithoutResults.handle");
        assertThatThrownBy(() -> handlersOf(ManyOfSomethingElse.class)).hasMessageContaining("SomethingElse.handle");
        assertThatThrownBy(() -> handlersOf(ManyWithSomethingElse.class))
                .hasMessageContaining("WithSomethingElse.handle");
    }

    @Test
    void blankTypeStopsTheApplication() {
        assertThatThrownBy(() -> handlersOf(Blank.class)).hasMessageContaining("blank");
    }

    @Test
    void participantWithoutHandlersDoesNotStart() {
        assertThatThrownBy(() -> handlersOf(String.class)).hasMessageContaining("no bean has a @SagaCommand method");
    }

    private static CommandHandlers handlersOf(Class<?>... beans) {
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            for (Class<?> bean : beans) {
                context.registerBean(bean);
            }
            context.refresh();
            return CommandHandlers.of(context.getBeanFactory());
        }
    }

    static class Good {
        record Body(int amount) {}

        @SagaCommand(value = "sample.bare", success = "sample.done", failure = "sample.failed")
        Outcome bare(Command command) {
            return Outcome.succeeded();
        }

        @SagaCommand(value = "sample.typed", success = "sample.done", failure = "sample.failed")
        CommandResult typed(Command command, Body body) {
            return Outcome.succeeded();
        }

        @SagaCommand(value = "sample.many", success = "sample.done", failure = "sample.failed")
        List<Outcome> many(List<Command> commands) {
            return List.of();
        }

        @SagaCommand(value = "sample.many-typed", success = "sample.done", failure = "sample.failed")
        List<CommandResult> manyTyped(List<CommandWith<Body>> commands) {
            return List.of();
        }

        @SagaCommand(value = "sample.many-writing", success = "sample.done", failure = "sample.failed")
        List<CommandResult> manyWriting(List<Command> commands, Writes writes) {
            return List.of();
        }
    }

    static class ManyWithoutResults {
        @SagaCommand(value = "sample.many", success = "sample.done", failure = "sample.failed")
        Outcome handle(List<Command> commands) {
            return Outcome.succeeded();
        }
    }

    static class ManyOfSomethingElse {
        @SagaCommand(value = "sample.many", success = "sample.done", failure = "sample.failed")
        List<Outcome> handle(List<CommandWith<String>> commands) {
            return List.of();
        }
    }

    static class ManyWithSomethingElse {
        @SagaCommand(value = "sample.many", success = "sample.done", failure = "sample.failed")
        List<Outcome> handle(List<Command> commands, String writes) {
            return List.of();
        }
    }

    static class Duplicate {
        @SagaCommand(value = "sample.bare", success = "sample.done", failure = "sample.failed")
        Outcome bare(Command command) {
            return Outcome.succeeded();
        }
    }

    static class WrongReturn {
        @SagaCommand(value = "sample.bare", success = "sample.done", failure = "sample.failed")
        void handle(Command command) {}
    }

    static class NoCommand {
        @SagaCommand(value = "sample.bare", success = "sample.done", failure = "sample.failed")
        Outcome handle(String command) {
            return Outcome.succeeded();
        }
    }

    static class BodyIsNoRecord {
        @SagaCommand(value = "sample.bare", success = "sample.done", failure = "sample.failed")
        Outcome handle(Command command, String body) {
            return Outcome.succeeded();
        }
    }

    static class Nothing {
        @SagaCommand(value = "sample.bare", success = "sample.done", failure = "sample.failed")
        Outcome handle() {
            return Outcome.succeeded();
        }
    }

    static class Blank {
        @SagaCommand(value = " ", success = "sample.done", failure = "sample.failed")
        Outcome handle(Command command) {
            return Outcome.succeeded();
        }
    }
}
