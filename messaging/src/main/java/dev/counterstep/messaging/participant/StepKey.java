package dev.counterstep.messaging.participant;

import java.util.UUID;

/** One step of one saga: what the barrier guards as a whole. */
record StepKey(UUID sagaId, String step) {}
