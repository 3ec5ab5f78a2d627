package dev.counterstep.quickstart;

import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;

/** The command {@code ./quickstart}. Exit code 0 when all went well, 1 with one sentence when not. */
public final class QuickstartApplication {

    private QuickstartApplication() {}

    /** Starts everything and stays until the process is told to end, unless {@code --once} is given. */
    public static void main(String[] args) {
        Terminal terminal = new Terminal(System.out, System.err);
        System.exit(run(args, terminal));
    }

    private static int run(String[] args, Terminal terminal) {
        try {
            Options options = Options.parse(args);
            if (options.mode() == Options.Mode.HELP) {
                terminal.say(Options.USAGE);
                return 0;
            }
            return run(options, terminal);
        } catch (StartException e) {
            terminal.complain(e.sentence());
        } catch (CancellationException e) {
            return 1; // stopped before it was ready, by whoever stopped it
        } catch (Exception e) {
            terminal.complain("It does not start: " + rootOf(e) + ". The log folder in the data folder tells more.");
            Logging.error("It does not start", e);
        }
        return 1;
    }

    private static int run(Options options, Terminal terminal) throws Exception {
        try (Quickstart quickstart = new Quickstart(options, terminal)) {
            Thread stop = new Thread(() -> stop(quickstart, terminal), "stop");
            Runtime.getRuntime().addShutdownHook(stop);
            terminal.say("Starting on " + options.dataDir());
            Access access = quickstart.start();
            Api api = new Api(access);
            if (options.mode() == Options.Mode.ONCE) {
                return new SampleRun(api, terminal).run() ? 0 : 1;
            }
            if (options.demo()) {
                quickstart.startDemo(api);
            }
            terminal.say(access.welcome());
            terminal.say(String.format(
                    Locale.ROOT,
                    "Counterstep is ready, %.1f s after the JVM's start. Ctrl-C stops it.",
                    terminal.sinceJvmStart()));
            new CountDownLatch(1).await(); // the shutdown hook does the rest
            return 0;
        }
    }

    private static void stop(Quickstart quickstart, Terminal terminal) {
        quickstart.close();
        terminal.say("Stopped.");
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
