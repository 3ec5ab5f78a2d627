package dev.counterstep.messaging.participant;

import dev.counterstep.messaging.Command;

/**
 * A command and its body, as a {@link SagaCommand} method takes them that handles many at once.
 *
 * @param command the command
 * @param body its body, read
 * @param <T> what the body is read into, a record type
 */
public record CommandWith<T>(Command command, T body) {}
