package dev.counterstep.quickstart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What a user can do wrong: one sentence with the remedy, exit code 1, and nothing started. */
class StartRefusedIT {

    @TempDir
    private Path folder;

    @Test
    void unknownOption() throws InterruptedException {
        assertRefused(List.of("--bogus"), "Unknown option --bogus: ./quickstart --help lists the options.");
    }

    @Test
    void takenPort() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertRefused(
                    arguments(folder, "--kafka-port=" + port),
                    "Port " + port + ", meant for Kafka, is taken: end the program that listens on it, or choose"
                            + " another, for example with --kafka-port=" + (port + 1) + ".");
        }
    }

    @Test
    void folderThatCannotBeWritten() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("file"), "");
        String output = refusal(arguments(file.resolve("below")));
        assertThat(output).contains("cannot be written").contains("choose another with --data-dir=DIR.");
    }

    @Test
    void folderOfSomethingElse() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("thesis.txt"), "years of work");
        String output = refusal(arguments(folder, "--reset"));
        assertThat(output).contains("holds files that are not Counterstep's");
        assertThat(folder.resolve("thesis.txt")).exists();
    }

    @Test
    void folderInUse() throws InterruptedException {
        try (DataDirectory used = DataDirectory.open(folder)) {
            assertThat(refusal(arguments(used.path()))).contains("Another quickstart runs on");
        }
    }

    private static void assertRefused(List<String> arguments, String sentence) throws InterruptedException {
        assertThat(refusal(arguments).lines()).contains(sentence);
    }

    private static String refusal(List<String> arguments) throws InterruptedException {
        try (ChildJvm jvm = ChildJvm.start(QuickstartApplication.class, arguments)) {
            assertThat(jvm.awaitExit(Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(jvm.output()).doesNotContain("Exception");
            return jvm.output();
        }
    }

    private static List<String> arguments(Path dataDir, String... more) {
        Ports ports = FreePorts.all();
        return new ArrayList<>(RunningQuickstart.arguments(dataDir, ports, more));
    }
}
