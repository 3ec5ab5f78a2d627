package dev.counterstep.orchestrator.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** One stream of chance. Concerns that draw from streams of their own do not disturb one another when one of them changes. */
final class Dice {

    private final SplittableRandom random;

    /** The stream of a seed that bears a number. */
    Dice(long seed, int stream) {
        random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + stream * 0xD1B54A32D192ED03L);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** From 0 to {@code bound}, exclusive. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** From {@code least} to {@code most}, inclusive. */
    long between(long least, long most) {
        return random.nextLong(least, most + 1);
    }

    int bits() {
        return random.nextInt();
    }

    <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }
}
