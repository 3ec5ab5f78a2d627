package dev.counterstep.messaging.canary.interfaces;

/** Canary: the one implementation. */
final class OnlyOne implements Lonely {

    @Override
    public void speak() {}
}
