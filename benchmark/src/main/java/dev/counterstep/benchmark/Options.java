package dev.counterstep.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.counterstep.benchmark.load.Load;

/**
 * What the command line asks for.
 *
 * @param command what to measure
 * @param entry how orders come in
 * @param warmup how long each system is loaded before its first run
 * @param maxWarmup how long it is loaded at most while its JVM still compiles
 * @param duration how long each run is measured
 * @param inFlight the most orders open at once
 * @param declineRate the share of orders whose payment is refused, 0-1
 * @param runs how many runs, or pairs of runs
 * @param systems what is measured in turn
 * @param rate orders a second of an open loop; negative: that share of what the warm-up reached
 * @param connections HTTP connections of {@code entry=rest}
 * @param heap of each measured JVM, as {@code -Xmx} takes it
 * @param folder where measured systems keep their data while they run
 * @param json where the results go as JSON, null for nowhere
 * @param profile a folder for a flight recording and the costliest statements of each run, null for none
 * @param sizes how many finished sagas are stored at each stage of {@code growth}
 * @param soak how long the soak of {@code growth} takes; zero for none
 * @param springProperties for the product's services
 */
record Options(
        Command command,
        Entry entry,
        Duration warmup,
        Duration maxWarmup,
        Duration duration,
        int inFlight,
        double declineRate,
        int runs,
        List<SystemKind> systems,
        double rate,
        int connections,
        String heap,
        Path folder,
        @Nullable Path json,
        @Nullable Path profile,
        List<Long> sizes,
        Duration soak,
        Map<String, String> springProperties) {

    static final String USAGE = """
            Usage: java -jar counterstep-benchmark.jar COMMAND [options]
              throughput   sagas a second in a closed loop, beside the floor's
              latency      from an order to its end at a fixed rate (open loop), beside the floor's
              floor        the floor alone, in a closed loop
              peers        sagas a second in a closed loop, beside those of other engines, see docs/performance.md
              growth       throughput and latency with more and more finished sagas stored, then a soak
            Options:
              --entry=event|rest     orders in batches by order-service's own code (default), or POST /orders from outside
              --duration=20s         how long each run is measured
              --warmup=15s           how long each system is loaded once, before all runs, and then
              --max-warmup=3m        until its JVM has compiled what is hot, so long at the most
              --runs=3               runs, or pairs of runs, in turn; medians are reported
              --with-floor=on|off    whether each run has one of the floor beside it (default on)
              --in-flight=3000       the most orders open at once
              --decline-rate=0.1     the share of orders whose payment is refused
              --systems=product,dbos,flowable
                                     peers: what is measured in turn
              --rate=20              latency: orders a second; 50%: half of what the warm-up reached
              --connections=32       entry=rest: HTTP connections
              --sizes=10k,1m,5m      growth: finished sagas stored, by a system each
              --soak=30m             growth: how long the soak takes, a long-open transaction in its middle; 0s for none
              --heap=1g              of each measured JVM
              --folder=DIR           where the measured systems keep their data while they run (default: the temporary folder)
              --json=FILE            the results as JSON
              --profile=DIR          a flight recording and the costliest statements of each run
              --some.property=value  a Spring property for the product's services""";

    private static final double THOUSAND = 1e3;

    /** What to measure. */
    enum Command {
        THROUGHPUT,
        LATENCY,
        FLOOR,
        PEERS,
        GROWTH
    }

    /** How orders come in. */
    enum Entry {
        /** In batches, by order-service's own code. */
        EVENT,
        /** One by one over HTTP, from another process. */
        REST
    }

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with one sentence for the first argument that makes no sense
     */
    static Options parse(String... arguments) {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("No command:\n" + USAGE);
        }
        Map<String, String> given = new LinkedHashMap<>();
        Map<String, String> spring = new LinkedHashMap<>();
        for (String argument : List.of(arguments).subList(1, arguments.length)) {
            String[] parts = argument.split("=", 2);
            if (!argument.startsWith("--") || parts.length < 2) {
                throw new IllegalArgumentException("Unknown argument " + argument + ":\n" + USAGE);
            }
            (parts[0].contains(".") ? spring : given).put(parts[0].substring(2), parts[1]);
        }
        Values values = new Values(given);
        Options options = values.options(one(Command.class, "command", arguments[0]), spring);
        values.requireNoneLeft();
        return options;
    }

    /** The load of a system in a closed loop. */
    Load closedLoop(SystemKind system) {
        return isRest(system)
                ? new Load(inFlight, 0, declineRate, connections, 1)
                : system.closedLoop(inFlight, declineRate);
    }

    /** Whether a system's orders come over HTTP. Only the product has a REST API. */
    boolean isRest(SystemKind system) {
        return system == SystemKind.PRODUCT && entry == Entry.REST;
    }

    private static <E extends Enum<E>> E one(Class<E> type, String name, String value) {
        try {
            return Enum.valueOf(type, value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("No " + name + " is called " + value + ":\n" + USAGE, e);
        }
    }

    private static final class Values {

        private final Map<String, String> given;

        Values(Map<String, String> given) {
            this.given = given;
        }

        Options options(Command command, Map<String, String> spring) {
            return new Options(
                    command,
                    take("entry", "event", value -> one(Entry.class, "entry", value)),
                    take("warmup", "15s", Values::duration),
                    take("max-warmup", "3m", Values::duration),
                    take("duration", "20s", Values::duration),
                    take("in-flight", "3000", Integer::parseInt),
                    take("decline-rate", "0.1", Double::parseDouble),
                    take("runs", "3", Integer::parseInt),
                    systems(command),
                    take("rate", "20", Values::rate),
                    take("connections", "32", Integer::parseInt),
                    take("heap", "1g", value -> value),
                    take("folder", System.getProperty("java.io.tmpdir"), Path::of),
                    takeOptional("json", Path::of),
                    takeOptional("profile", Path::of),
                    take("sizes", "10k,1m,5m", Values::sizes),
                    take("soak", "30m", Values::duration),
                    spring);
        }

        void requireNoneLeft() {
            if (!given.isEmpty()) {
                throw new IllegalArgumentException(
                        "Unknown option --" + given.keySet().iterator().next() + ":\n" + USAGE);
            }
        }

        private List<SystemKind> systems(Command command) {
            boolean withFloor = take("with-floor", "on", Values::onOrOff);
            List<SystemKind> given = take("systems", "product,dbos,flowable", Values::systems);
            return switch (command) {
                case FLOOR -> List.of(SystemKind.FLOOR);
                case PEERS -> given;
                case THROUGHPUT, LATENCY, GROWTH ->
                    withFloor ? List.of(SystemKind.PRODUCT, SystemKind.FLOOR) : List.of(SystemKind.PRODUCT);
            };
        }

        private <T> T take(String name, String otherwise, Function<String, T> reader) {
            String value = given.getOrDefault(name, otherwise);
            given.remove(name);
            try {
                return reader.apply(value);
            } catch (NumberFormatException | DateTimeParseException e) {
                throw new IllegalArgumentException("--" + name + "=" + value + " makes no sense:\n" + USAGE, e);
            }
        }

        private <T> @Nullable T takeOptional(String name, Function<String, T> reader) {
            String value = given.remove(name);
            return value == null ? null : reader.apply(value);
        }

        private static List<SystemKind> systems(String value) {
            return Stream.of(value.split(",", -1))
                    .map(name -> one(SystemKind.class, "system", name))
                    .toList();
        }

        private static boolean onOrOff(String value) {
            return switch (value) {
                case "on" -> true;
                case "off" -> false;
                default -> throw new NumberFormatException(value);
            };
        }

        private static Duration duration(String value) {
            return Duration.parse("PT" + value.toUpperCase(Locale.ROOT));
        }

        private static double rate(String value) {
            return value.endsWith("%")
                    ? -Double.parseDouble(value.substring(0, value.length() - 1)) / 100
                    : Double.parseDouble(value);
        }

        private static List<Long> sizes(String value) {
            List<Long> sizes = new ArrayList<>();
            for (String size : value.split(",", -1)) {
                double unit = size.endsWith("k") ? THOUSAND : size.endsWith("m") ? THOUSAND * THOUSAND : 1;
                sizes.add((long) (Double.parseDouble(unit == 1 ? size : size.substring(0, size.length() - 1)) * unit));
            }
            return sizes;
        }
    }
}
