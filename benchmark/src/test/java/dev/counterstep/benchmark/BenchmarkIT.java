package dev.counterstep.benchmark;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Not how fast it is, but that what is measured is what was meant: every order ends, everything adds up, nothing stays behind. */
class BenchmarkIT {

    private static final List<String> FIELDS = List.of(
            "command",
            "options",
            "sagasPerSecond",
            "p50Ms",
            "p90Ms",
            "p99Ms",
            "cpuSeconds",
            "heapMb",
            "statementsPerSaga",
            "commitsPerSaga",
            "bytesPerSaga",
            "runs");

    private static final int MOST_REQUESTS_OF_A_CONNECTION = 100; // Tomcat's default

    @TempDir
    private Path folder;

    /** Over HTTP with one connection, which order-service closes after a hundred requests. */
    @ParameterizedTest
    @ValueSource(strings = {"event", "rest"})
    void aPairOfRunsAddsUpAndLeavesNothingBehind(String entry) throws Exception {
        JsonNode result = run(
                "throughput",
                "--entry=" + entry,
                "--connections=1",
                "--runs=1",
                "--warmup=5s",
                "--max-warmup=5s",
                "--duration=5s",
                "--in-flight=100");

        assertThat(FIELDS)
                .allSatisfy(field -> assertThat(result.has(field)).as(field).isTrue());
        assertThat(result.at("/ratios/sagasPerSecond").asDouble()).isPositive();
        for (JsonNode run : result.get("runs")) {
            assertThat(run.at("/audit/violations")).isEmpty();
            assertThat(run.at("/audit/completed").asLong()).isPositive();
            assertThat(run.at("/audit/cancelled").asLong()).isPositive();
            assertThat(run.get("sagas").asLong()).isPositive();
            assertThat(run.at("/audit/completed").asLong()).isGreaterThan(MOST_REQUESTS_OF_A_CONNECTION);
        }
    }

    @Test
    void growthComparesSizesAndSoaks() throws Exception {
        JsonNode result = run(
                "growth",
                "--sizes=1,20k",
                "--runs=1",
                "--warmup=3s",
                "--max-warmup=3s",
                "--duration=3s",
                "--in-flight=100",
                "--soak=12s");

        assertThat(result.at("/growthRatios/1").asDouble()).isOne();
        assertThat(result.at("/growthRatios/20000").asDouble()).isPositive();
        assertThat(result.get("soakRatio").asDouble()).isPositive();
        assertThat(result.get("soakRatioByYoung").asDouble()).isPositive();
        List<JsonNode> soak = result.get("stages")
                .valueStream()
                .filter(stage -> stage.get("stage").asString().equals("soak"))
                .toList();
        assertThat(soak).hasSize(2 + Soak.WINDOWS);
        assertThat(soak)
                .filteredOn(stage -> stage.get("longTransactionOpen").asBoolean())
                .hasSize(Soak.WINDOWS / 2);
    }

    private JsonNode run(String... arguments) throws Exception {
        Path json = folder.resolve("result.json");
        Path data = Files.createDirectory(folder.resolve("data"));
        ByteArrayOutputStream said = new ByteArrayOutputStream();

        int exit = BenchmarkApplication.run(
                Stream.concat(Stream.of(arguments), Stream.of("--heap=512m", "--folder=" + data, "--json=" + json))
                        .toArray(String[]::new),
                new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false));

        assertThat(exit).as(said.toString(StandardCharsets.UTF_8)).isZero();
        try (Stream<Path> left = Files.list(data)) {
            assertThat(left).isEmpty();
        }
        return JsonMapper.shared().readTree(json.toFile());
    }
}
