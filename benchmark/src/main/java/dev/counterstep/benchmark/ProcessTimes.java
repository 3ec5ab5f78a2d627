package dev.counterstep.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How much processor time processes have used, from Linux's {@code /proc}; see proc_pid_stat(5). Elsewhere, nothing. */
final class ProcessTimes {

    private static final Path PROC = Path.of("/proc");
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, a constant of Linux's interface

    // Counted from the field after the name: state, ppid, ...
    private static final int PARENT = 1;
    private static final int OWN = 11;
    private static final int OF_ENDED_CHILDREN = 13;

    private ProcessTimes() {}

    /** Seconds of one process; empty when they cannot be known. */
    static Optional<Double> ofProcess(long pid) {
        return stat(pid).map(fields -> seconds(fields, OWN));
    }

    /** Seconds of a process and of its children, those that have ended included; empty when they cannot be known. */
    static Optional<Double> ofFamily(long pid) {
        return stat(pid)
                .map(fields -> seconds(fields, OWN)
                        + seconds(fields, OF_ENDED_CHILDREN)
                        + children(pid).stream()
                                .mapToDouble(child -> seconds(child, OWN))
                                .sum());
    }

    private static List<String[]> children(long parent) {
        List<String[]> children = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                stat(Long.parseLong(process.getFileName().toString()))
                        .filter(fields -> Long.parseLong(fields[PARENT]) == parent)
                        .ifPresent(children::add);
            }
        } catch (IOException e) {
            return List.of(); // no /proc
        }
        return children;
    }

    private static Optional<String[]> stat(long pid) {
        try {
            String line = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
        } catch (IOException e) {
            return Optional.empty(); // it has ended, or there is no /proc
        }
    }

    private static double seconds(String[] fields, int first) {
        return (Long.parseLong(fields[first]) + Long.parseLong(fields[first + 1])) / TICKS_PER_SECOND;
    }
}
