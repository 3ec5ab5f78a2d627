package dev.counterstep.messaging.participant;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class CommandListenerTest {

    private static final UUID ONE = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final UUID OTHER = UUID.fromString("00000000-0000-7000-8000-000000000002");
    private static final CommandHandler HANDLER = handler();

    @Test
    void commandsOfOneSagaComeInRoundsOfTheirOwnInTheirOrder() {
        IncomingCommand first = command(ONE, "reserve", "a", 0);
        IncomingCommand second = command(ONE, "validate", "a", 1);
        IncomingCommand third = command(ONE, "reserve", "a", 2);
        IncomingCommand elsewhere = command(OTHER, "reserve", "b", 3);

        assertThat(CommandListener.rounds(List.of(first, second, third, elsewhere)))
                .containsExactly(List.of(first, elsewhere), List.of(second), List.of(third));
    }

    @Test
    void withinARoundCommandsComeInTheOrderOfTheirKeysAndThenAsTheyCame() {
        List<IncomingCommand> commands = IntStream.range(0, 4)
                .mapToObj(i -> command(UUID.randomUUID(), "reserve", i % 2 == 0 ? "product-b" : "product-a", i))
                .toList();

        assertThat(CommandListener.rounds(commands))
                .containsExactly(List.of(commands.get(1), commands.get(3), commands.get(0), commands.get(2)));
    }

    private static IncomingCommand command(UUID sagaId, String step, String key, long offset) {
        SagaHeaders saga = new SagaHeaders(sagaId, "sample:1", step, Phase.ACTION, 1, 1, null, null);
        InboundMessage message = new InboundMessage("sample.commands", 0, offset, key, Map.of(), null);
        Command command = new Command(saga.commandId(), "sample.apply", saga, "sample", null, new byte[0]);
        return new IncomingCommand(message, command, HANDLER, null);
    }

    private static CommandHandler handler() {
        try {
            Method method = CommandListenerTest.class.getDeclaredMethod("handle", Command.class);
            return new CommandHandler(
                    method.getAnnotation(SagaCommand.class), new CommandListenerTest(), method, false, null);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    @SagaCommand(value = "sample.apply", success = "sample.applied", failure = "sample.failed")
    Outcome handle(Command command) {
        return Outcome.succeeded();
    }
}
