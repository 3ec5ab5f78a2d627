package dev.counterstep.messaging.participant;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.MessageCodec;

/**
 * One {@link SagaCommand} method of one bean.
 *
 * @param types the command type it handles and its replies' types
 * @param bean the bean
 * @param method the method, invocable on the bean
 * @param takesMany whether it takes all commands of its type at once
 * @param bodyType what the body is read into; null when the method takes the command alone
 */
record CommandHandler(
        SagaCommand types,
        Object bean,
        Method method,
        boolean takesMany,
        @Nullable Class<?> bodyType) {

    /**
     * Reads the body as the method wants it.
     *
     * @return the body, null when the method takes the command alone
     * @throws dev.counterstep.messaging.PoisonMessageException when the body does not fit
     */
    @Nullable
    Object read(Command command, MessageCodec codec) {
        return bodyType == null ? null : codec.read(command.body(), bodyType);
    }

    /**
     * Runs the method: once, or once for each command. Whatever it throws comes out as it is, a checked exception within an
     * {@link IllegalStateException}.
     *
     * @param writes for a method that takes many commands and wants it
     * @return one result for each command, in their order
     */
    List<CommandResult> handle(List<Admitted> commands, Writes writes) {
        if (takesMany) {
            return together(commands, writes);
        }
        List<CommandResult> results = new ArrayList<>(commands.size());
        for (Admitted each : commands) {
            LogContext.run(each.incoming().command(), () -> results.add(alone(each)));
        }
        return results;
    }

    private CommandResult alone(Admitted one) {
        Object body = one.incoming().body();
        return (CommandResult) (bodyType == null ? invoke(one.command()) : invoke(one.command(), body));
    }

    private List<CommandResult> together(List<Admitted> commands, Writes writes) {
        List<CommandResult> results = new ArrayList<>(commands.size());
        List<Object> arguments = commands.stream().map(this::argument).toList();
        boolean wantsWrites = method.getParameterCount() == 2;
        for (Object result : (List<?>) (wantsWrites ? invoke(arguments, writes) : invoke(arguments))) {
            results.add((CommandResult) Objects.requireNonNull(result));
        }
        if (results.size() != commands.size()) {
            throw new IllegalStateException(
                    "%s answered %d of %d commands".formatted(this, results.size(), commands.size()));
        }
        return results;
    }

    private Object argument(Admitted one) {
        Object body = one.incoming().body();
        return body == null ? one.command() : new CommandWith<>(one.command(), body);
    }

    private Object invoke(@Nullable Object... arguments) {
        try {
            Object result = method.invoke(bean, arguments);
            if (result == null) {
                throw new IllegalStateException(this + " returned null");
            }
            return result;
        } catch (InvocationTargetException e) {
            throw unchecked(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(this + " cannot be called", e);
        }
    }

    private RuntimeException unchecked(@Nullable Throwable thrown) {
        if (thrown instanceof RuntimeException exception) {
            return exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(this + " failed", thrown);
    }

    @Override
    public String toString() {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }
}
