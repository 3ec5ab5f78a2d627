package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class OnceE2E {

    @TempDir
    private Path dataDir;

    @Test
    void sampleOrdersEndAsTheReadmeSays() throws IOException, InterruptedException {
        Ports ports = FreePorts.all();
        try (ChildJvm jvm =
                ChildJvm.start(QuickstartApplication.class, RunningQuickstart.arguments(dataDir, ports, "--once"))) {
            int exitCode = jvm.awaitExit(Duration.ofSeconds(150));
            assertThat(exitCode).as(jvm.output()).isZero();
            assertThat(jvm.output())
                    .contains("All 8 orders ended as they should.")
                    .contains("SAGA_COMPENSATED")
                    .contains("Stopped.");
            SagaLogs.allFoldToTheirRowsOnceStopped(dataDir);
        } finally {
            PostgresServer.stopLeftover(dataDir);
        }
    }
}
