package dev.counterstep.messaging.participant;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method of a Spring bean that handles one type of command.
 *
 * <p>The method takes the {@link dev.counterstep.messaging.Command} and, if it wants, a second parameter: a record type the
 * body is read into (unknown properties are ignored; a missing or ill-typed one is a dead letter). It returns a
 * {@link CommandResult}.
 *
 * <p>A method that takes a {@link java.util.List} of commands, or of {@link CommandWith} their bodies, gets all commands of its
 * type that were polled together, and returns the list of their results, in the same order. That is for what must be fast: one
 * statement for many rows. If it wants, its second parameter is {@link Writes}, for statements that can wait for the end of the
 * transaction, where they cost no round trip of their own. When it throws, each of the commands is tried alone.
 *
 * <p>It runs inside the listener's transaction, after the inbox barrier, at most once per
 * (saga, step, phase, generation) with an effect; it must not open a transaction of its own.
 *
 * <p>Two handlers for one type, or a wrong signature, stop the application at start-up with the name of the method.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface SagaCommand {

    /** The command's type, for example {@code inventory.reserve}. */
    String value();

    /** The reply's type when it succeeded, for example {@code inventory.reserved}. */
    String success();

    /** The reply's type otherwise, for example {@code inventory.failed}. */
    String failure();

    /**
     * For a compensation whose action never comes here as a command, because what it undoes was there before its saga: an order,
     * for example. Its handler runs although there is no action to undo; a compensation without this succeeds without effect
     * when its action never ran.
     */
    boolean withoutAction() default false;
}
