package dev.counterstep.messaging.participant;

/** Something that a transaction does for one command: handle it, or complete its call. */
sealed interface Work permits IncomingCommand, CallResult {

    /** The command it is done for, who is answered when it fails. */
    IncomingCommand incoming();
}
