package dev.counterstep.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL on {@code DIR/postgres}: durable ({@code fsync}, {@code synchronous_commit} and {@code full_page_writes}
 * on), kept from one start to the next, reachable on 127.0.0.1 only, with passwords by SCRAM.
 *
 * <p>Its processes are not children of this JVM, so that Ctrl-C in the terminal does not end the database before the
 * services. The price: a JVM that is killed leaves them running. The next start finds them by {@code postmaster.pid} and
 * stops them first. While this JVM lives it watches the server and starts it again when it dies.
 *
 * <p>Safe for use by several threads.
 */
final class PostgresServer implements AutoCloseable {

    /** The login that owns the cluster. */
    static final String SUPERUSER = "postgres";

    private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);
    private static final int START_LIMIT_SECONDS = 120; // crash recovery included
    private static final int STOP_LIMIT_SECONDS = 4;
    private static final Duration ORPHANS_LIMIT = Duration.ofSeconds(10);
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
    private static final Duration REVIVE_INTERVAL = Duration.ofSeconds(2);

    private final Path home;
    private final Path data;
    private final int port;
    private final String superuserPassword;
    private final PostgresPrograms programs;
    private final List<String> moreSettings;
    private @Nullable CountDownLatch closed;

    PostgresServer(Path home, int port, String superuserPassword) {
        this(home, port, superuserPassword, PostgresAccount.suitable());
    }

    PostgresServer(Path home, int port, String superuserPassword, PostgresAccount account) {
        this(home, port, superuserPassword, account, List.of());
    }

    /** @param moreSettings {@code name=value}, without spaces; our own win, so that none of them costs durability */
    PostgresServer(Path home, int port, String superuserPassword, PostgresAccount account, List<String> moreSettings) {
        this.moreSettings = List.copyOf(moreSettings);
        this.home = home.toAbsolutePath();
        this.data = this.home.resolve("postgres");
        this.port = port;
        this.superuserPassword = superuserPassword;
        this.programs = new PostgresPrograms(this.home, account);
    }

    /** The JDBC address of one of its databases. */
    String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Stops a server that a killed JVM left behind in this folder, if there is one: it may hold the port a start needs. */
    static void stopLeftover(Path home) {
        new PostgresServer(home, 0, "").stopLeftover();
    }

    private synchronized void stopLeftover() {
        Postmaster.of(data).ifPresent(leftover -> {
            log.info("PostgreSQL still runs from an earlier start (process {}); stopping it", leftover.pid());
            stop();
        });
    }

    /**
     * Creates the cluster unless it exists, starts the server, which recovers what a crash left, and watches it from then on.
     *
     * @throws StartException when that is impossible
     */
    synchronized void start() {
        stopLeftover();
        try {
            if (Files.exists(data.resolve("PG_VERSION"))) {
                requireSameMajorVersion();
            } else {
                initialize();
            }
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        closed = new CountDownLatch(1);
        Thread watcher = new Thread(new Watcher(closed), "postgres-watcher");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** Disconnects every client, writes a checkpoint and stops, so that the next start has nothing to recover. */
    @Override
    public synchronized void close() {
        if (closed != null) {
            closed.countDown();
            closed = null;
            stop();
        }
    }

    private void requireSameMajorVersion() throws IOException {
        String ofData = Files.readString(data.resolve("PG_VERSION")).strip();
        String ours = programs.majorVersion();
        if (!ofData.equals(ours)) {
            throw new StartException("The data in " + data + " was written by PostgreSQL " + ofData
                    + " and this is PostgreSQL " + ours
                    + ": choose another folder with --data-dir=DIR, or discard the data with --reset.");
        }
    }

    /** Under another name first: a start that is killed half way leaves nothing that looks like a cluster. */
    private void initialize() throws IOException {
        Path unfinished = home.resolve("postgres.unfinished");
        DataDirectory.delete(unfinished);
        Files.createDirectories(unfinished);
        programs.account().own(unfinished);
        Path passwordFile = home.resolve("postgres.password");
        Files.deleteIfExists(passwordFile);
        Files.createFile(
                passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile, superuserPassword);
        programs.account().own(passwordFile);
        try {
            programs.initdb(unfinished, SUPERUSER, passwordFile);
        } finally {
            Files.delete(passwordFile);
        }
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Backends of a server that was killed hold its shared memory for a moment, and the new server waits for their end. */
    private void launch() throws IOException {
        long giveUpAt = System.nanoTime() + ORPHANS_LIMIT.toNanos();
        while (true) {
            Postmaster.forgetStrangers(data);
            PostgresPrograms.Result result = programs.start(data, settings(), START_LIMIT_SECONDS);
            if (result.succeeded()) {
                return;
            }
            if (!result.output().contains("is still in use") || System.nanoTime() > giveUpAt) {
                throw new StartException("PostgreSQL does not start on port " + port + " (" + result.lastLine()
                        + "): see " + programs.serverLog() + ".");
            }
        }
    }

    /** On the command line, where neither a configuration file nor ALTER SYSTEM can weaken them. */
    private List<String> settings() {
        List<String> settings = new ArrayList<>();
        // PostgreSQL's own 128 MB make who needs a page write another one first, with a few hundred sagas a second.
        settings.add("shared_buffers=256MB");
        settings.addAll(moreSettings);
        settings.addAll(List.of(
                "port=" + port,
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                // After a checkpoint each page is logged whole when it is first changed: rarely, then.
                "max_wal_size=4GB",
                "checkpoint_timeout=15min",
                "wal_compression=on",
                // What is needed is in memory, or on a disk without heads: rows are looked up, tables not read whole.
                "random_page_cost=1.1",
                "max_connections=200",
                // Three for each database: with three for all five, those at work on large tables keep the outbox
                // waiting.
                "autovacuum_max_workers=15",
                // PostgreSQL's own pace of vacuum is made for disks with heads, and large tables keep it busy for
                // minutes.
                "autovacuum_vacuum_cost_limit=2000",
                "jit=off",
                "cluster_name=counterstep"));
        return settings;
    }

    /** Returns when to look again. */
    private synchronized Duration reviveWhenDead() {
        if (closed == null || Postmaster.of(data).isPresent()) {
            return WATCH_INTERVAL;
        }
        log.warn("PostgreSQL has ended unexpectedly; starting it again");
        try {
            launch();
            log.warn("PostgreSQL is back");
            return WATCH_INTERVAL;
        } catch (IOException | RuntimeException e) {
            log.error("PostgreSQL does not come back; trying again", e);
            return REVIVE_INTERVAL;
        }
    }

    private void stop() {
        if (!programs.stop(data, "fast", STOP_LIMIT_SECONDS).succeeded()) {
            log.warn("PostgreSQL did not stop within {} s; its next start will recover", STOP_LIMIT_SECONDS);
            programs.stop(data, "immediate", STOP_LIMIT_SECONDS);
        }
    }

    /** Looks after the server until this object is closed. */
    private final class Watcher implements Runnable {

        private final CountDownLatch end;

        Watcher(CountDownLatch end) {
            this.end = end;
        }

        @Override
        public void run() {
            try {
                Duration pause = WATCH_INTERVAL;
                while (!end.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    pause = reviveWhenDead();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
