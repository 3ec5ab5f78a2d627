package dev.counterstep.quickstart;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, in {@code DIR/postgres-binaries/<version>-<system>-<machine>}. They live beside the data and not in the
 * system's temporary folder, which many systems clean, nor beside the application, which the next build replaces: a server may
 * still run from them.
 *
 * <p>To unpack them takes seconds, to copy them does not: what {@link #prepare} has unpacked beside the application is copied.
 */
final class PostgresBinaries {

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    /**
     * Unpacks the programs for this machine beside the application, unless that was done before.
     *
     * @throws StartException when there are none for this machine, or they cannot be written there
     */
    static void prepare() {
        fill(prepared(), PostgresBinaries::untar);
    }

    /**
     * The programs for this machine, put into {@code folder} unless they are there.
     *
     * @throws StartException when there are none for this machine, or they cannot be written there
     */
    static PostgresBinaries in(Path folder) {
        return in(folder, prepared());
    }

    /** For tests. */
    static PostgresBinaries in(Path folder, Path prepared) {
        Path home = folder.resolve(name());
        fill(home, Files.isDirectory(prepared) ? unfinished -> copy(prepared, unfinished) : PostgresBinaries::untar);
        return new PostgresBinaries(home);
    }

    /** The absolute path of a program, for example {@code pg_ctl}. */
    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    /** Under another name first: what a killed process has left half-filled is never used. */
    private static void fill(Path home, Filling filling) {
        if (Files.isDirectory(home)) {
            return;
        }
        Path folder = home.getParent();
        try {
            Files.createDirectories(folder);
            Path unfinished = Files.createTempDirectory(folder, "unfinished-");
            filling.into(unfinished);
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StartException(
                    "PostgreSQL's programs cannot be put into " + folder + " (" + e.getMessage()
                            + "): free some space there, or choose another folder with --data-dir=DIR.",
                    e);
        }
    }

    private interface Filling {
        void into(Path folder) throws IOException;
    }

    private static Path prepared() {
        try {
            Path application = Path.of(PostgresBinaries.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return application.resolveSibling("postgres-binaries").resolve(name());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String name() {
        Properties properties = new Properties();
        try (InputStream in = PostgresBinaries.class.getResourceAsStream("/embedded-postgres.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("the resource was in the build", e);
        }
        return String.join("-", properties.getProperty("binaries.version"), system(), machine());
    }

    private static String system() {
        return System.getProperty("os.name").startsWith("Mac") ? "Darwin" : System.getProperty("os.name");
    }

    private static String machine() {
        return System.getProperty("os.arch");
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> sources;
        try (Stream<Path> walk = Files.walk(from)) {
            sources = walk.skip(1).toList(); // folders before what is in them
        }
        for (Path source : sources) {
            Files.copy(
                    source,
                    to.resolve(from.relativize(source)),
                    LinkOption.NOFOLLOW_LINKS,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static InputStream archive() throws IOException {
        try {
            return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system(), machine());
        } catch (IllegalStateException e) {
            throw new StartException(
                    "There is no embedded PostgreSQL for " + system() + " on " + machine()
                            + ": run Counterstep with compose.yaml instead.",
                    e);
        }
    }

    private static void untar(Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new BufferedInputStream(new XZInputStream(archive()), 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive names a file outside of itself: " + entry.getName());
                }
                unpack(entry, tar, path);
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, path);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
