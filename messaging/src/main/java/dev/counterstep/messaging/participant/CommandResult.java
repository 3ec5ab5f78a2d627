package dev.counterstep.messaging.participant;

/** What a command handler returns: an {@link Outcome} at once, or an {@link ExternalCall} that leads to one. */
public sealed interface CommandResult permits Outcome, ExternalCall {}
