package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server process that a data folder's {@code postmaster.pid} names. The file outlives a crash, and after a restart of the
 * machine or of a container its number may belong to somebody else: a name is believed only when that process is alive and
 * is PostgreSQL.
 *
 * @param pid the server's process id
 */
record Postmaster(long pid) {

    /** Larger than any process id, so that PostgreSQL finds nobody behind it. */
    private static final int NOBODY = Integer.MAX_VALUE;

    /** The server that runs on this data folder, empty when there is none. */
    static Optional<Postmaster> of(Path data) {
        return pidIn(data).map(Postmaster::new).filter(Postmaster::runs);
    }

    /**
     * Makes a leftover {@code postmaster.pid} harmless whose number now belongs to another program, which PostgreSQL would
     * take for a server. The file itself stays: PostgreSQL finds in it the shared memory that orphaned backends may still use.
     */
    static void forgetStrangers(Path data) throws IOException {
        Optional<Long> pid = pidIn(data);
        if (pid.isPresent() && !new Postmaster(pid.get()).runs()) {
            Path file = data.resolve("postmaster.pid");
            List<String> lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
            lines.set(0, String.valueOf(NOBODY));
            Files.write(file, lines, StandardCharsets.UTF_8);
        }
    }

    /** Whether the process is alive, not a zombie, and PostgreSQL. */
    boolean runs() {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && isPostgres();
    }

    private boolean isPostgres() {
        Path commandLine = Path.of("/proc", String.valueOf(pid), "cmdline");
        try {
            // Empty for a zombie, which only waits for whoever adopted it to take notice.
            return Files.readString(commandLine, StandardCharsets.ISO_8859_1).contains("postgres");
        } catch (NoSuchFileException e) {
            // No /proc on macOS.
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().command())
                    .map(command -> command.endsWith("postgres"))
                    .orElse(false);
        } catch (IOException e) {
            return false; // ended while we looked
        }
    }

    private static Optional<Long> pidIn(Path data) {
        try {
            return Files.readAllLines(data.resolve("postmaster.pid"), StandardCharsets.UTF_8).stream()
                    .findFirst()
                    .map(String::trim)
                    .filter(line -> line.matches("[0-9]{1,10}"))
                    .map(Long::parseLong);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
