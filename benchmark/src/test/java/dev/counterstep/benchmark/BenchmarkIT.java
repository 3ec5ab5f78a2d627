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

    @TempDir
    private Path folder;

    @Test
    void aPairOfRunsAddsUpAndLeavesNothingBehind() throws Exception {
        Path json = folder.resolve("result.json");
        Path data = Files.createDirectory(folder.resolve("data"));

        int exit = BenchmarkApplication.run(
                new String[] {
                    "throughput",
                    "--runs=1",
                    "--warmup=2s",
                    "--duration=2s",
                    "--in-flight=20",
                    "--heap=512m",
                    "--folder=" + data,
                    "--json=" + json
                },
                new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false));

        assertThat(exit).as(said.toString(StandardCharsets.UTF_8)).isZero();
        JsonNode result = JsonMapper.shared().readTree(json.toFile());
        assertThat(FIELDS)
                .allSatisfy(field -> assertThat(result.has(field)).as(field).isTrue());
        assertThat(result.at("/ratios/sagasPerSecond").asDouble()).isPositive();
        for (JsonNode run : result.get("runs")) {
            assertThat(run.at("/audit/violations")).isEmpty();
            assertThat(run.at("/audit/completed").asLong()).isPositive();
            assertThat(run.at("/audit/cancelled").asLong()).isPositive();
            assertThat(run.get("sagas").asLong()).isPositive();
        }
        try (Stream<Path> left = Files.list(data)) {
            assertThat(left).isEmpty();
        }
    }

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
}
