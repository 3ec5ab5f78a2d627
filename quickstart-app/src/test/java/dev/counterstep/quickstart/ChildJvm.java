package dev.counterstep.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program in a JVM of its own, which can be killed as {@code kill -9} would. Its output is kept and can be awaited. */
final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final List<String> output = new ArrayList<>();
    private final Thread reader;
    private boolean ended;

    private ChildJvm(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of process " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** A main class on this JVM's class path. */
    static ChildJvm start(Class<?> main, List<String> arguments) {
        List<String> command = command("-Xmx768m", "-cp", System.getProperty("java.class.path"), main.getName());
        command.addAll(arguments);
        return start(new ProcessBuilder(command));
    }

    /** A runnable jar, with these environment variables and no others. */
    static ChildJvm ofJar(Path jar, Map<String, String> environment, String... arguments) {
        List<String> command = command("-Xmx256m", "-jar", jar.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return start(builder);
    }

    private static List<String> command(String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote"));
        command.addAll(List.of(options));
        return command;
    }

    private static ChildJvm start(ProcessBuilder builder) {
        try {
            return new ChildJvm(builder.redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a line contains {@code text}. */
    synchronized void awaitLine(String text, Duration limit) throws InterruptedException {
        long giveUpAt = System.nanoTime() + limit.toNanos();
        while (output.stream().noneMatch(line -> line.contains(text))) {
            long left = TimeUnit.NANOSECONDS.toMillis(giveUpAt - System.nanoTime());
            if (ended || left <= 0) {
                throw new AssertionError("no line with '" + text + "' in:\n" + String.join("\n", output));
            }
            wait(left);
        }
    }

    synchronized String output() {
        return String.join("\n", output);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}: no shutdown hook runs. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** {@code SIGTERM}, as Ctrl-C does. */
    void terminate() {
        process.destroy();
    }

    int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + limit + ":\n" + output());
        }
        reader.join(limit.toMillis());
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("output ended: " + e.getMessage());
        }
        end();
    }

    private synchronized void add(String line) {
        output.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
