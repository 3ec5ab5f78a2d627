package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** One data folder for all tests: each leaves it stopped and whole. */
class PostgresServerIT {

    private static final String PASSWORD = "secret-of-the-test";
    private static final int PORT = FreePorts.one();

    @TempDir
    private static Path home;

    @BeforeAll
    static void createTable() throws SQLException {
        try (PostgresServer server = server()) {
            server.start();
            execute("CREATE TABLE kept (id int)");
        }
    }

    @Test
    void durabilityIsOn() throws SQLException {
        try (PostgresServer server = server()) {
            server.start();
            assertThat(query("SHOW fsync")).isEqualTo("on");
            assertThat(query("SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query("SHOW full_page_writes")).isEqualTo("on");
            assertThat(query("SHOW data_checksums")).isEqualTo("on");
            assertThat(query("SHOW server_version_num")).startsWith("18");
        }
    }

    @Test
    void settingsCannotBeWeakenedByAlterSystem() throws SQLException {
        try (PostgresServer server = server()) {
            server.start();
            execute("ALTER SYSTEM SET fsync = off");
        }
        try (PostgresServer server = server()) {
            server.start();
            assertThat(query("SHOW fsync")).isEqualTo("on");
            execute("ALTER SYSTEM RESET fsync");
        }
    }

    @Test
    void onlyThisMachineReachesItAndOnlyWithThePassword() throws SQLException {
        try (PostgresServer server = server()) {
            server.start();
            assertThat(query("SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query("SELECT left(rolpassword, 13) FROM pg_authid WHERE rolname = 'postgres'"))
                    .isEqualTo("SCRAM-SHA-256");
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl("postgres"), "postgres", "guessed")
                            .close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void killedServerIsStartedAgainWithItsData() throws SQLException, IOException, InterruptedException {
        try (PostgresServer server = server()) {
            server.start();
            execute("INSERT INTO kept VALUES (1)");
            killPostgres();
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(query("SELECT count(*) > 0 FROM kept WHERE id = 1"))
                            .isEqualTo("t"));
        }
    }

    @Test
    void serverThatDiedWhileNobodyWatchedStartsAgain() throws SQLException, IOException, InterruptedException {
        runInAJvmThatIsKilled();
        killPostgres();
        try (PostgresServer server = server()) {
            server.start();
            assertThat(query("SELECT count(*) > 0 FROM kept WHERE id = 2")).isEqualTo("t");
        }
    }

    @Test
    void serverLeftBehindByAKilledJvmIsReplaced() throws SQLException, IOException, InterruptedException {
        runInAJvmThatIsKilled();
        long leftover = Postmaster.of(home.resolve("postgres")).orElseThrow().pid();
        try (PostgresServer server = server()) {
            server.start();
            assertThat(query("SELECT count(*) > 0 FROM kept WHERE id = 2")).isEqualTo("t");
            assertThat(Postmaster.of(home.resolve("postgres")).orElseThrow().pid())
                    .isNotEqualTo(leftover);
        }
    }

    @Test
    void numberOfAServerThatNowBelongsToAnotherProgramDoesNotPreventTheStart() throws SQLException, IOException {
        Files.writeString(
                home.resolve("postgres/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + home.resolve("postgres") + "\n1\n" + PORT + "\n\n\n1 1\n");
        try (PostgresServer server = server()) {
            server.start();
            assertThat(query("SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void dataOfAnotherMajorVersionIsRefusedWithTheRemedy(@TempDir Path other) throws IOException {
        Files.createDirectories(other.resolve("postgres"));
        Files.writeString(other.resolve("postgres/PG_VERSION"), "15\n");
        Files.createSymbolicLink(other.resolve("postgres-binaries"), home.resolve("postgres-binaries"));
        try (PostgresServer server = new PostgresServer(other, PORT, PASSWORD)) {
            assertThatThrownBy(server::start)
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("was written by PostgreSQL 15 and this is PostgreSQL 18")
                    .hasMessageContaining("--data-dir=DIR");
        }
    }

    @Test
    void rootNeedsNoUserNamespace(@TempDir Path other) throws SQLException {
        PostgresAccount account =
                "root".equals(System.getProperty("user.name")) ? PostgresAccount.nobody() : PostgresAccount.suitable();
        try (PostgresServer server = new PostgresServer(other, PORT, PASSWORD, account)) {
            server.start();
            assertThat(query("SELECT 1")).isEqualTo("1");
        }
    }

    private static void runInAJvmThatIsKilled() throws InterruptedException {
        try (ChildJvm jvm = ChildJvm.start(Child.class, List.of(home.toString(), String.valueOf(PORT)))) {
            jvm.awaitLine("inserted", Duration.ofSeconds(30));
            jvm.kill();
        }
    }

    private static void killPostgres() throws IOException, InterruptedException {
        long server = Postmaster.of(home.resolve("postgres")).orElseThrow().pid();
        List<ProcessHandle> backends =
                ProcessHandle.of(server).orElseThrow().children().toList();
        ProcessHandle.of(server).orElseThrow().destroyForcibly();
        backends.forEach(ProcessHandle::destroyForcibly);
    }

    private static PostgresServer server() {
        return new PostgresServer(home, PORT, PASSWORD);
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + PORT + "/postgres", PostgresServer.SUPERUSER, PASSWORD);
    }

    /** Starts the server, inserts a row and waits to be killed. */
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws SQLException, InterruptedException {
            PostgresServer server = new PostgresServer(Path.of(args[0]), Integer.parseInt(args[1]), PASSWORD);
            server.start();
            try (Connection connection = DriverManager.getConnection(
                            server.jdbcUrl("postgres"), PostgresServer.SUPERUSER, PASSWORD);
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO kept VALUES (2)");
            }
            System.out.println("inserted");
            Thread.currentThread().join();
        }
    }
}
