package dev.counterstep.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/** Runs {@code initdb}, {@code pg_ctl} and {@code postgres --version}, each to its end. */
final class PostgresPrograms {

    private static final int INITDB_LIMIT_SECONDS = 60;
    private static final long SERVER_LOG_LIMIT_BYTES = 10_000_000;

    private final Path home;
    private final Path serverLog;
    private final PostgresAccount account;
    private @Nullable PostgresBinaries binaries;

    PostgresPrograms(Path home, PostgresAccount account) {
        this.home = home;
        this.serverLog = home.resolve("log").resolve("postgresql.log");
        this.account = account;
    }

    /** What a program said and whether it succeeded. */
    record Result(boolean succeeded, String output) {

        /** Its last word, which names the cause of a failure. */
        String lastLine() {
            List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
            return lines.stream()
                    .filter(line -> line.contains("FATAL"))
                    .reduce((first, second) -> second)
                    .orElse(lines.isEmpty() ? "no message" : lines.get(lines.size() - 1));
        }
    }

    PostgresAccount account() {
        return account;
    }

    Path serverLog() {
        return serverLog;
    }

    /** For example {@code 18}. */
    String majorVersion() {
        Result result = run(List.of(program("postgres"), "--version"), INITDB_LIMIT_SECONDS);
        String version = result.output().strip();
        return version.substring(version.lastIndexOf(' ') + 1).replaceAll("[^0-9].*", "");
    }

    /** Creates a cluster that asks everybody for a password and sorts the same way on every system. */
    void initdb(Path data, String superuser, Path passwordFile) {
        List<String> command = List.of(
                program("initdb"),
                "--pgdata=" + data,
                "--username=" + superuser,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums");
        Result result = run(command, INITDB_LIMIT_SECONDS);
        if (!result.succeeded()) {
            throw new StartException("PostgreSQL cannot create its data in " + home + " (" + result.lastLine()
                    + "): choose another folder with --data-dir=DIR.");
        }
    }

    /** Starts the server and waits until it takes connections. The output holds what the server itself logged. */
    Result start(Path data, List<String> settings, int limitSeconds) throws IOException {
        long logBefore = prepareServerLog();
        String options = String.join(
                " ", settings.stream().map(setting -> "-c " + setting).toList());
        Result result = run(
                List.of(
                        program("pg_ctl"),
                        "start",
                        "--pgdata=" + data,
                        "--log=" + serverLog,
                        "--options=" + options,
                        "--wait",
                        "--timeout=" + limitSeconds),
                limitSeconds + 5);
        return new Result(result.succeeded(), result.output() + serverLogAfter(logBefore));
    }

    /** Stops the server and waits for its end; {@code mode} as in pg_ctl's manual. */
    Result stop(Path data, String mode, int limitSeconds) {
        return run(
                List.of(
                        program("pg_ctl"),
                        "stop",
                        "--pgdata=" + data,
                        "--mode=" + mode,
                        "--wait",
                        "--timeout=" + limitSeconds),
                limitSeconds + 5);
    }

    private String program(String name) {
        if (binaries == null) {
            binaries = PostgresBinaries.in(home.resolve("postgres-binaries"));
        }
        return binaries.program(name);
    }

    private long prepareServerLog() throws IOException {
        Files.createDirectories(serverLog.getParent());
        if (Files.exists(serverLog) && Files.size(serverLog) > SERVER_LOG_LIMIT_BYTES) {
            Files.move(serverLog, serverLog.resolveSibling("postgresql.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(serverLog)) {
            Files.createFile(serverLog);
            account.own(serverLog);
        }
        return Files.size(serverLog);
    }

    private String serverLogAfter(long position) throws IOException {
        try (InputStream in = Files.newInputStream(serverLog)) {
            in.skipNBytes(position);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Result run(List<String> command, int limitSeconds) {
        try {
            ProcessBuilder builder = new ProcessBuilder(account.commandLine(command)).redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C"); // its messages are read above
            builder.directory(home.toFile());
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
            return new Result(ended && process.exitValue() == 0, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(false, "interrupted");
        }
    }
}
