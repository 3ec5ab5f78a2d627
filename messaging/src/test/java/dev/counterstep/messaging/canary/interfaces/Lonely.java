package dev.counterstep.messaging.canary.interfaces;

/** Canary: an interface with one implementation. */
interface Lonely {

    void speak();
}
