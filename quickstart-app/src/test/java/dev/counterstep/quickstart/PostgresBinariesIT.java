package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PostgresBinariesIT {

    @Test
    void copyOfWhatWasUnpackedIsTheSameToTheLastLinkAndRuns(@TempDir Path folder) throws Exception {
        Path unpacked = folder.resolve("unpacked");
        Path copied = folder.resolve("copied");

        assertThat(version(PostgresBinaries.in(unpacked, folder.resolve("nothing"))))
                .contains(" 18.");
        Path prepared = onlyEntryOf(unpacked);
        assertThat(version(PostgresBinaries.in(copied, prepared))).contains(" 18.");

        assertThat(tree(onlyEntryOf(copied))).isEqualTo(tree(prepared)).hasSizeGreaterThan(100);
    }

    @Test
    void programsThatAreThereStayAsTheyAre(@TempDir Path folder) throws IOException {
        PostgresBinaries.in(folder, folder.resolve("nothing"));
        Path mark = Files.createFile(onlyEntryOf(folder).resolve("mark"));

        PostgresBinaries.in(folder, folder.resolve("nothing"));

        assertThat(mark).exists();
    }

    private static Path onlyEntryOf(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.reduce((one, another) -> {
                        throw new AssertionError(one + " and " + another);
                    })
                    .orElseThrow();
        }
    }

    /** Size, permissions and target of everything, by path. */
    private static Map<String, String> tree(Path root) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.toList()) {
                String what = Files.isSymbolicLink(path)
                        ? "-> " + Files.readSymbolicLink(path)
                        : PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS))
                                + (Files.isRegularFile(path) ? " " + Files.size(path) : "");
                tree.put(root.relativize(path).toString(), what);
            }
        }
        return tree;
    }

    private static String version(PostgresBinaries binaries) throws Exception {
        Process process = new ProcessBuilder(binaries.program("postgres"), "--version").start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
