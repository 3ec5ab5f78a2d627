package dev.counterstep.benchmark.floor;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Makes what has to be unique. */
final class Ids {

    private Ids() {}

    /** A UUID of version 7. */
    static UUID next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long head = (System.currentTimeMillis() << 16) | 0x7000 | random.nextInt(0x1000);
        long tail = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(head, tail);
    }

    /** A W3C trace context. */
    static String traceparent() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "00-%016x%016x-%016x-01".formatted(random.nextLong(), random.nextLong(), random.nextLong());
    }
}
