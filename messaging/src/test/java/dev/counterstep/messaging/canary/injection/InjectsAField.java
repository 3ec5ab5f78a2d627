package dev.counterstep.messaging.canary.injection;

import java.time.Clock;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** Canary: what a class needs comes through its constructor. */
class InjectsAField {

    @Autowired
    @Nullable
    Clock clock;
}
