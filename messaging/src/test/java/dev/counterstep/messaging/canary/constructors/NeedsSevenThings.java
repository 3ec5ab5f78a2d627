package dev.counterstep.messaging.canary.constructors;

/** Canary: seven constructor parameters are one too many. */
final class NeedsSevenThings {

    final String all;

    NeedsSevenThings(String one, String two, String three, String four, String five, String six, String seven) {
        this.all = one + two + three + four + five + six + seven;
    }
}
