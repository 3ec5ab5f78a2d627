package dev.counterstep.order;

import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** The W3C trace context ({@code traceparent}, version 00) under which an order's messages travel. */
final class TraceParent {

    private static final Pattern VALID = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    /** The caller's trace when the header names one, else a new one: an invalid header restarts the trace, as W3C says. */
    static String from(@Nullable String header) {
        return header != null && VALID.matcher(header).matches() ? header : started();
    }

    private static String started() {
        var random = ThreadLocalRandom.current();
        return "00-%016x%016x-%016x-01".formatted(random.nextLong(), random.nextLong() | 1, random.nextLong() | 1);
    }
}
