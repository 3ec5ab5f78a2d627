package dev.counterstep.migrations;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A migration as it stands in the source: the folder it is in, its file name and its text. */
record MigrationFile(String set, String name, String sql) {

    /** All migrations, in the order of their numbers. */
    static List<MigrationFile> all() throws IOException, URISyntaxException {
        Path root = Path.of(
                Objects.requireNonNull(Migrator.class.getResource("/db")).toURI());
        try (Stream<Path> paths = Files.walk(root)) {
            List<Path> files = paths.filter(Files::isRegularFile)
                    .sorted(java.util.Comparator.comparing(
                            path -> path.getFileName().toString()))
                    .toList();
            return files.stream()
                    .map(path -> new MigrationFile(
                            root.relativize(path.getParent()).toString(),
                            path.getFileName().toString(),
                            read(path)))
                    .toList();
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** {@code V0007__saga_log.sql} has number 7. */
    int number() {
        return Integer.parseInt(name.replaceFirst("^V(\\d+)__.*", "$1"));
    }

    /** The comment lines it begins with. */
    String header() {
        return String.join(
                "\n", sql.lines().takeWhile(line -> line.startsWith("--")).toList());
    }

    /** Without comments and without text in quotes. */
    String code() {
        return sql.replaceAll("--[^\n]*", "").replaceAll("'([^']|'')*'", "''");
    }
}
