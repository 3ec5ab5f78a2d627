package dev.counterstep.messaging.participant;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.MessageCodec;

/**
 * One {@link SagaCommand} method of one bean.
 *
 * @param types the command type it handles and its replies' types
 * @param bean the bean
 * @param method the method, invocable on the bean
 * @param bodyType what the body is read into; null when the method takes the command alone
 */
record CommandHandler(
        SagaCommand types,
        Object bean,
        Method method,
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

    /** Runs the method. Whatever it throws comes out as it is, a checked exception within an {@link IllegalStateException}. */
    CommandResult handle(Command command, @Nullable Object body) {
        try {
            Object result = bodyType == null ? method.invoke(bean, command) : method.invoke(bean, command, body);
            if (result == null) {
                throw new IllegalStateException(this + " returned null");
            }
            return (CommandResult) result;
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
