package dev.counterstep.benchmark;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells on the terminal, while it runs, what is being done: on one line that changes, or, without a terminal, once a stage. */
final class Progress {

    private static final int WIDTH = 100;

    private final PrintStream out;
    private final boolean live;
    private String title = "";
    private String last = "";

    Progress(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /** What the stages that follow belong to. */
    void begin(String nextTitle) {
        title = nextTitle;
    }

    /** Something begins that takes a while. */
    void stage(String what) {
        show(title + ": " + what, !live);
    }

    /** Waits, and shows how far it is. */
    void pause(String what, Duration length) throws InterruptedException {
        stage(what + String.format(Locale.ROOT, ", %d s", length.toSeconds()));
        long end = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (live) {
                show("%s: %s, %d s left".formatted(title, what, TimeUnit.NANOSECONDS.toSeconds(left) + 1), false);
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
    }

    /** Prints lines that stay. */
    void say(String text) {
        if (live) {
            show("", false);
        }
        out.println(text);
        out.flush();
    }

    private void show(String line, boolean stays) {
        if (stays && line.equals(last)) {
            return;
        }
        last = line;
        if (stays) {
            out.println(line);
        } else {
            out.printf("\r%-" + WIDTH + "s%s", line, line.isEmpty() ? "\r" : "");
        }
        out.flush();
    }
}
