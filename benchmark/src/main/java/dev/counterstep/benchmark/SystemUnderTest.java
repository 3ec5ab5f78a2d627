package dev.counterstep.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A measured system, running in a JVM and on a folder of its own; closing it stops the one and deletes the other, also when this
 * process is told to end. For one thread.
 */
final class SystemUnderTest implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * Both compilers, and the default collector. Not verifying this very build's bytecode again only starts it sooner. The
     * compilers go first, as far as the machine lets them (as root): else a saturated machine leaves them waiting for minutes,
     * and what is measured is an interpreter.
     */
    private static final List<String> JVM_OPTIONS = List.of(
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote",
            "-XX:ThreadPriorityPolicy=1",
            "-XX:CompilerThreadPriority=-10");

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int LAST_LINES = 60;
    private static final int PORTS = 7;
    private static final int LOWEST_PORT = 15_000;
    private static final int HIGHEST_PORT = 32_000;
    private static final String END = "";

    private final Path folder;
    private final Process process;
    private final Writer requests;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final Thread hook = new Thread(this::stop, "stop the measured system");
    private @Nullable Ready ready;

    private SystemUnderTest(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "output of process " + process.pid());
        reader.setDaemon(true);
        reader.start();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts a system and waits until it takes orders.
     *
     * @param heap of its JVM, as {@code -Xmx} takes it: all of it from the start
     * @param springProperties of the product's services
     * @throws IllegalStateException with its last words when it does not start
     */
    static SystemUnderTest start(SystemKind kind, Path parent, String heap, Map<String, String> springProperties)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(parent, "counterstep-benchmark-");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-Xms" + heap, "-Xmx" + heap));
        command.addAll(program(kind));
        command.addAll(List.of(kind.name(), folder.toString(), String.valueOf(freePorts())));
        if (!kind.isPeer()) {
            springProperties.forEach((name, value) -> command.add(name + "=" + value));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        SystemUnderTest system = new SystemUnderTest(folder, process);
        try {
            system.ready = JSON.readValue(system.answer(START_LIMIT), Ready.class);
            return system;
        } catch (RuntimeException | InterruptedException e) {
            system.close();
            throw e;
        }
    }

    /** A peer's class path is its own, and none of it is on anybody else's. */
    private static List<String> program(SystemKind kind) {
        return kind.isPeer()
                ? List.of("-jar", PeersJar.require().toString())
                : List.of("-cp", System.getProperty("java.class.path"), SystemProcess.class.getName());
    }

    /** How to reach it. */
    Ready ready() {
        if (ready == null) {
            throw new IllegalStateException("not started");
        }
        return ready;
    }

    /** Asks it to do something and waits for the answer. */
    <T> T ask(Request request, Class<T> type, Duration limit) throws InterruptedException {
        try {
            requests.write(JSON.writeValueAsString(request) + "\n");
            requests.flush();
        } catch (IOException e) {
            throw failed("ended", e);
        }
        return JSON.readValue(answer(limit), type);
    }

    /** How many bytes its folder holds. */
    long bytesOnDisk() throws IOException {
        long[] bytes = {0};
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException goneMeanwhile) {
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes[0];
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        stop();
    }

    private void stop() {
        try {
            requests.close();
        } catch (IOException e) {
            remember("its input is closed: " + e.getMessage());
        }
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            delete(folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("what is in " + folder + " could not be deleted", e);
        }
    }

    private String answer(Duration limit) throws InterruptedException {
        String answer = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (answer == null || answer.equals(END)) {
            throw failed(answer == null ? "gave no answer in " + limit.toSeconds() + " s" : "ended", null);
        }
        return answer;
    }

    private IllegalStateException failed(String what, @Nullable Exception cause) {
        synchronized (lastLines) {
            return new IllegalStateException(
                    "the measured system " + what + "; its last words:\n" + String.join("\n", lastLines), cause);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(SystemProcess.ANSWER)) {
                    answers.add(line.substring(SystemProcess.ANSWER.length()));
                } else {
                    remember(line);
                }
            }
        } catch (IOException e) {
            remember("its output ended: " + e.getMessage());
        }
        answers.add(END);
    }

    private void remember(String line) {
        synchronized (lastLines) {
            lastLines.add(line);
            if (lastLines.size() > LAST_LINES) {
                lastLines.remove();
            }
        }
    }

    /** The first of so many free ports in a row, below those that systems give to outgoing connections. */
    private static int freePorts() {
        Random random = new Random();
        for (int attempt = 0; attempt < 1000; attempt++) {
            int first = random.nextInt(LOWEST_PORT, HIGHEST_PORT);
            if (areFree(first)) {
                return first;
            }
        }
        throw new IllegalStateException("no " + PORTS + " free ports in a row");
    }

    private static boolean areFree(int first) {
        for (int port = first; port < first + PORTS; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                socket.getLocalPort();
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }

    private static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // somebody else deletes, too
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
