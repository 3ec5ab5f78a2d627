package dev.counterstep.quickstart;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** What the user reads: the stages of the start with their times, and whatever comes after them. */
final class Terminal {

    private final PrintStream out;
    private final PrintStream err;

    Terminal(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs a stage of the start and prints how long it took. */
    void stage(String title, Stage stage) throws Exception {
        Instant start = Instant.now();
        stage.run();
        out.printf(Locale.ROOT, "  %-58s %5.1f s%n", title, seconds(start));
        out.flush();
    }

    /** Prints lines as they are. */
    void say(String text) {
        out.println(text);
        out.flush();
    }

    /** Prints a line that tells why it does not go on. */
    void complain(String sentence) {
        err.println(sentence);
        err.flush();
    }

    /** Seconds since the JVM was started: its process may be older, for the script that builds becomes it. */
    double sinceJvmStart() {
        return seconds(Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
    }

    private static double seconds(Instant start) {
        return Duration.between(start, Instant.now()).toMillis() / 1000.0;
    }

    /** Something that takes a while. */
    interface Stage {
        void run() throws Exception;
    }
}
