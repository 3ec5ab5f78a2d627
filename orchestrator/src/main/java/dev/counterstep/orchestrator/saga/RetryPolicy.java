package dev.counterstep.orchestrator.saga;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

/**
 * How often a command is sent, and how long to wait in between: {@code backoff · multiplier^(attempt-1)}, at most
 * {@code max}, spread by {@code jitter}.
 *
 * @param attempts how many times the command is sent in all, 1 to 100; default 5
 * @param backoff the wait after the first attempt; default 1 s
 * @param multiplier how the wait grows, at least 1; default 2
 * @param max the longest wait; default 30 s
 * @param jitter the share by which a wait varies, 0 to 1; default 0.2, meaning ±20 %
 */
public record RetryPolicy(int attempts, Duration backoff, double multiplier, Duration max, double jitter) {

    /** Five attempts over about 15 seconds. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofSeconds(1), 2, Duration.ofSeconds(30), 0.2);

    /** The most attempts a definition may ask for. */
    public static final int MAX_ATTEMPTS = 100;

    public RetryPolicy {
        require(attempts >= 1 && attempts <= MAX_ATTEMPTS, "attempts must be 1 to 100");
        require(!backoff.isNegative(), "backoff must not be negative");
        require(multiplier >= 1 && Double.isFinite(multiplier), "multiplier must be at least 1");
        require(max.compareTo(backoff) >= 0, "max must be at least backoff");
        require(jitter >= 0 && jitter <= 1, "jitter must be 0 to 1");
    }

    /**
     * The wait after an attempt. The jitter derives from the saga, step and attempt: sagas that failed together come back
     * apart, and the same history always gives the same waits.
     */
    Duration waitAfter(int attempt, UUID saga, String step) {
        double wait =
                Math.min((double) max.toMillis(), (double) backoff.toMillis() * Math.pow(multiplier, attempt - 1));
        double spread = 1 + jitter * unit(Objects.hash(saga, step, attempt));
        return Duration.ofMillis(Math.round(wait * spread));
    }

    /** Spreads a hash evenly over [-1, 1); the finaliser of MurmurHash3. */
    private static double unit(int hash) {
        int h = hash;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        h ^= h >>> 16;
        return h / -(double) Integer.MIN_VALUE;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException("retry: " + message);
        }
    }
}
