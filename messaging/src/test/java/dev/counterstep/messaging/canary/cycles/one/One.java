package dev.counterstep.messaging.canary.cycles.one;

import dev.counterstep.messaging.canary.cycles.two.Two;

/** Canary: two packages must not know one another. */
public record One(Two other) {}
