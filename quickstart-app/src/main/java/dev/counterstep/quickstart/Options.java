package dev.counterstep.quickstart;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the command line asks for.
 *
 * @param demo whether a trickle of orders is placed
 * @param springProperties for all five services
 */
record Options(
        Mode mode, Path dataDir, Ports ports, boolean demo, boolean reset, Map<String, String> springProperties) {

    static final String USAGE = """
            Usage: ./quickstart [options]
              --data-dir=DIR         where everything is kept (default .counterstep)
              --http-port-base=8000  the orchestrator's port; the four services have the next four
              --postgres-port=15432
              --kafka-port=19092
              --demo=on|off          a trickle of orders, some failing by design (default on)
              --once                 place the README's sample orders, show what became of them, and end
              --reset                discard the data in DIR first
              --help                 this text
              --some.property=value  a Spring property for all five services""";

    private static final int LAST_PORT = 65_535;

    /** What to do once everything runs. */
    enum Mode {
        /** Stay until stopped. */
        SERVE,
        /** Place the sample orders and end. */
        ONCE,
        /** Only show the usage. */
        HELP
    }

    /**
     * Reads the command line.
     *
     * @throws StartException for the first argument that makes no sense
     */
    static Options parse(String... arguments) {
        Reader reader = new Reader();
        for (String argument : arguments) {
            reader.read(argument);
        }
        return reader.options();
    }

    private static final class Reader {

        private Mode mode = Mode.SERVE;
        private Path dataDir = Path.of(".counterstep");
        private int httpBase = Ports.DEFAULT.httpBase();
        private int postgres = Ports.DEFAULT.postgres();
        private int kafka = Ports.DEFAULT.kafka();
        private boolean demo = true;
        private boolean reset;
        private final Map<String, String> springProperties = new LinkedHashMap<>();

        void read(String argument) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                readFlag(argument);
            } else {
                readSetting(argument, argument.substring(0, equals), argument.substring(equals + 1));
            }
        }

        Options options() {
            return new Options(
                    mode, dataDir, new Ports(httpBase, postgres, kafka), demo, reset, Map.copyOf(springProperties));
        }

        private void readFlag(String argument) {
            switch (argument) {
                case "--once" -> mode = Mode.ONCE;
                case "--reset" -> reset = true;
                case "--help", "-h" -> mode = Mode.HELP;
                default -> throw unknown(argument);
            }
        }

        private void readSetting(String argument, String name, String value) {
            switch (name) {
                case "--data-dir" -> dataDir = folder(value);
                case "--http-port-base" ->
                    httpBase = port(argument, value, LAST_PORT - ServiceProcess.values().length + 1);
                case "--postgres-port" -> postgres = port(argument, value, LAST_PORT);
                case "--kafka-port" -> kafka = port(argument, value, LAST_PORT);
                case "--demo" -> demo = onOrOff(argument, value);
                default -> readSpringProperty(argument, name, value);
            }
        }

        /** Spring's own names all have a dot, but for these two: whatever else has none is a slip of the pen. */
        private void readSpringProperty(String argument, String name, String value) {
            boolean known = name.equals("--debug") || name.equals("--trace");
            if (!name.startsWith("--") || !(known || name.contains("."))) {
                throw unknown(argument);
            }
            springProperties.put(name.substring(2), value);
        }

        private static StartException unknown(String argument) {
            return new StartException("Unknown option " + argument + ": ./quickstart --help lists the options.");
        }

        private static Path folder(String value) {
            try {
                if (!value.isBlank()) {
                    return Path.of(value);
                }
            } catch (InvalidPathException e) {
                throw new StartException("--data-dir=" + value + " is not a folder's name: " + e.getReason() + ".", e);
            }
            throw new StartException("--data-dir names no folder: write --data-dir=DIR.");
        }

        private static int port(String argument, String value, int last) {
            if (value.matches("[0-9]{1,5}")) {
                int port = Integer.parseInt(value);
                if (port >= 1 && port <= last) {
                    return port;
                }
            }
            throw new StartException(argument + " is not a port: write a number from 1 to " + last + ".");
        }

        private static boolean onOrOff(String argument, String value) {
            return switch (value) {
                case "on" -> true;
                case "off" -> false;
                default -> throw new StartException(argument + " makes no sense: write --demo=on or --demo=off.");
            };
        }
    }
}
