package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The account PostgreSQL's processes run under. PostgreSQL refuses to run as root, as most containers do: there its processes
 * are put into a user namespace of their own or, where the kernel forbids that, run as an account without rights.
 */
final class PostgresAccount {

    private static final int NOBODY = 65534;

    private final List<String> prefix;
    private final boolean another;

    private PostgresAccount(List<String> prefix, boolean another) {
        this.prefix = prefix;
        this.another = another;
    }

    /** The account that suits this process: its own, unless it is root. */
    static PostgresAccount suitable() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new PostgresAccount(List.of(), false);
        }
        if (runs(List.of("unshare", "-U", "true"))) {
            return new PostgresAccount(List.of("unshare", "-U"), false);
        }
        return nobody();
    }

    /** An account without rights, which must own the data folder and reach it through every folder above. */
    static PostgresAccount nobody() {
        List<String> prefix = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        List<String> probe = new ArrayList<>(prefix);
        probe.add("true");
        if (!runs(probe)) {
            throw new StartException("PostgreSQL refuses to run as root, and neither unshare nor setpriv works here:"
                    + " start ./quickstart as an ordinary user.");
        }
        return new PostgresAccount(prefix, true);
    }

    /** The command line that runs {@code command} under this account. */
    List<String> commandLine(List<String> command) {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(command);
        return line;
    }

    /** Hands a file or an empty folder to this account, and lets it pass through the folder above. */
    void own(Path path) throws IOException {
        if (another) {
            Files.setAttribute(path, "unix:uid", NOBODY);
            Files.setAttribute(path, "unix:gid", NOBODY);
            Files.setPosixFilePermissions(path.getParent(), PosixFilePermissions.fromString("rwx--x--x"));
        }
    }

    private static boolean runs(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // the program is not installed here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
