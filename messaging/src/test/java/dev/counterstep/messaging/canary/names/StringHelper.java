package dev.counterstep.messaging.canary.names;

/** Canary: its name says nothing. */
final class StringHelper {}
