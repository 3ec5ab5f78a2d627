package dev.counterstep.messaging.canary.cycles.two;

import dev.counterstep.messaging.canary.cycles.one.One;

/** Canary: two packages must not know one another. */
public record Two(One other) {}
