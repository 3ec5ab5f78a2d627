package dev.counterstep.messaging.participant;

/**
 * A call to an external system that a handler asked for; its inbox row is committed and open.
 *
 * @param incoming the command
 * @param row the open row, of an earlier generation than the command's when that one was resumed
 * @param call the call and its completion
 */
record PendingCall(IncomingCommand incoming, InboxKey row, ExternalCall<?> call) {}
