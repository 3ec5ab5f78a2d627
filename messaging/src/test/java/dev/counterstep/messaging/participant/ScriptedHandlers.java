package dev.counterstep.messaging.participant;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.Assert;

import dev.counterstep.messaging.Command;

/** Handlers that do what the test says, per saga and type. */
final class ScriptedHandlers {

    private final Scripts scripts;
    private final JdbcTemplate jdbc;

    ScriptedHandlers(Scripts scripts, JdbcTemplate jdbc) {
        this.scripts = scripts;
        this.jdbc = jdbc;
    }

    /** What a handler does, with its instance's connection. */
    interface Script {
        CommandResult play(Command command, JdbcTemplate jdbc);
    }

    /** Shared by all instances of a test. */
    static final class Scripts {

        private final Map<String, Script> scripts = new ConcurrentHashMap<>();

        /** The bodies of each invocation that took many commands. */
        final List<List<Integer>> together = new CopyOnWriteArrayList<>();

        void on(UUID sagaId, String type, Script script) {
            scripts.put(sagaId + type, script);
        }
    }

    @SagaCommand(value = "script.act", success = "script.acted", failure = "script.failed")
    CommandResult act(Command command) {
        return play(command);
    }

    @SagaCommand(value = "script.undo", success = "script.undone", failure = "script.failed")
    CommandResult undo(Command command) {
        return play(command);
    }

    @SagaCommand(
            value = "script.undo-alone",
            success = "script.undone",
            failure = "script.failed",
            withoutAction = true)
    CommandResult undoAlone(Command command) {
        return play(command);
    }

    @SagaCommand(value = "script.act-together", success = "script.acted", failure = "script.failed")
    List<CommandResult> actTogether(List<CommandWith<Share>> commands) {
        scripts.together.add(commands.stream().map(each -> each.body().amount()).toList());
        return commands.stream().map(each -> play(each.command())).toList();
    }

    /** Adds effects; of nothing it throws once it is written. */
    @SagaCommand(value = "script.add", success = "script.added", failure = "script.failed")
    List<CommandResult> add(List<CommandWith<Share>> commands, Writes writes) {
        scripts.together.add(commands.stream().map(each -> each.body().amount()).toList());
        for (CommandWith<Share> each : commands) {
            writes.statements()
                    .update(
                            "INSERT INTO sample_effect (saga_id, amount) VALUES (?, ?)",
                            added -> Assert.isTrue(each.body().amount() > 0, "nothing was added"),
                            each.command().saga().sagaId(),
                            each.body().amount());
        }
        return commands.stream().map(each -> play(each.command())).toList();
    }

    record Share(int amount) {}

    private CommandResult play(Command command) {
        Script script = scripts.scripts.get(command.saga().sagaId() + command.type());
        return script == null ? Outcome.succeeded() : script.play(command, jdbc);
    }
}
