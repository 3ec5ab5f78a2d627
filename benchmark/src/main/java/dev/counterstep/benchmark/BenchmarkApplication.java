package dev.counterstep.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command {@code java -jar counterstep-benchmark.jar}. Exit code 0 when everything was measured and adds up, 1 with a
 * sentence when not.
 */
public final class BenchmarkApplication {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Options options;
    private final Progress progress;

    private BenchmarkApplication(Options options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Measures what the arguments ask for. */
    @SuppressWarnings("SystemConsoleNull") // From JDK 22 a file is taken for a terminal, which only looks untidy
    public static void main(String[] args) {
        System.setProperty("logback.configurationFile", "benchmark/logback.xml");
        Progress progress = new Progress(System.out, System.console() != null);
        System.exit(run(args, progress));
    }

    static int run(String[] args, Progress progress) {
        try {
            return new BenchmarkApplication(Options.parse(args), progress).run() ? 0 : 1;
        } catch (IllegalArgumentException | IllegalStateException e) {
            progress.say(String.valueOf(e.getMessage()));
        } catch (IOException | UncheckedIOException | SQLException e) {
            progress.say("It cannot be measured: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 1;
    }

    private boolean run() throws IOException, InterruptedException, SQLException {
        if (options.command() != Options.Command.GROWTH) {
            return report(rounds());
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("command", "growth");
        json.put("options", given());
        json.putAll(new Growth(options, progress).run());
        write(json);
        return true;
    }

    private List<RunResult> rounds() throws IOException, InterruptedException, SQLException {
        if (options.systems().stream().anyMatch(SystemKind::isPeer)) {
            PeersJar.require(); // before anything starts, not in its middle
        }
        List<Contender> contenders = new ArrayList<>();
        try {
            for (SystemKind system : options.systems()) {
                contenders.add(Contender.start(system, options, progress));
            }
            return rounds(contenders);
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    /** All run side by side, and one is loaded at a time. */
    private List<RunResult> rounds(List<Contender> contenders) throws IOException, InterruptedException, SQLException {
        List<RunResult> results = new ArrayList<>();
        for (int number = 1; number <= options.runs(); number++) {
            for (Contender contender : turns(contenders, number)) {
                RunResult result = contender.run(number);
                results.add(result);
                progress.say(result.line());
            }
        }
        return results;
    }

    /** The order of a round, counted from 1: whoever goes first in one goes last in the next. */
    static <T> List<T> turns(List<T> all, int round) {
        List<T> turns = new ArrayList<>(all);
        Collections.rotate(turns, 1 - round);
        return turns;
    }

    private boolean report(List<RunResult> results) throws IOException {
        Report report = new Report(results);
        progress.say(report.table());
        write(report.json(options.command().name().toLowerCase(Locale.ROOT), given()));
        report.violations().forEach(violation -> progress.say("DOES NOT ADD UP: " + violation));
        return report.violations().isEmpty();
    }

    private void write(Map<String, ?> json) throws IOException {
        Path file = options.json();
        if (file != null) {
            Files.write(file, JSON.writeValueAsBytes(json));
        }
    }

    private Map<String, Object> given() {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("entry", options.entry().name().toLowerCase(Locale.ROOT));
        given.put("warmup", options.warmup().toString());
        given.put("maxWarmup", options.maxWarmup().toString());
        given.put("duration", options.duration().toString());
        given.put("inFlight", options.inFlight());
        given.put("declineRate", options.declineRate());
        given.put("runs", options.runs());
        given.put("systems", options.systems().stream().map(SystemKind::title).toList());
        given.put("rate", options.rate());
        given.put("connections", options.connections());
        given.put("heap", options.heap());
        given.putAll(options.springProperties());
        return given;
    }
}
