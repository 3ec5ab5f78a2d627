package dev.counterstep.orchestrator.simulation;

import java.util.Locale;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** What happened, line by line. Off unless somebody wants to read it: most runs are looked at by the checker only. */
final class Trace {

    private final @Nullable StringBuilder lines;

    private Trace(@Nullable StringBuilder lines) {
        this.lines = lines;
    }

    static Trace on() {
        return new Trace(new StringBuilder());
    }

    static Trace off() {
        return new Trace(null);
    }

    void say(long now, String who, Supplier<String> what) {
        if (lines != null) {
            lines.append(String.format(Locale.ROOT, "%12.6f  %-16s %s\n", now / 1e6, who, what.get()));
        }
    }

    String text() {
        return lines == null ? "" : lines.toString();
    }
}
