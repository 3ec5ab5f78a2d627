package dev.counterstep.migrations;

import java.sql.Connection;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MigratorIT {

    @ParameterizedTest
    @EnumSource
    void emptyDatabaseGetsEveryMigrationAndASecondRunFindsNothingToDo(ServiceDatabase kind) throws Exception {
        TestDatabase database = TestDatabase.empty(kind);

        Migrator.Result first = database.migrate();
        Migrator.Result second = database.migrate();

        assertThat(first.applied()).isEqualTo(filesFor(kind));
        assertThat(second).isEqualTo(new Migrator.Result(0, first.version()));
    }

    @Test
    void migratorsThatStartTogetherApplyEachMigrationOnce() throws Exception {
        TestDatabase database = TestDatabase.empty(ServiceDatabase.PAYMENTS);
        Callable<Migrator.Result> migration = database::migrate;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Migrator.Result> one = threads.submit(migration);
            Future<Migrator.Result> other = threads.submit(migration);

            assertThat(one.get().version()).isEqualTo(other.get().version());
            assertThat(one.get().applied() + other.get().applied()).isEqualTo(filesFor(database.kind()));
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void migrationEditedAfterItWasAppliedIsRefused() throws Exception {
        TestDatabase database = TestDatabase.migrated(ServiceDatabase.INVENTORY);
        try (Connection owner = database.asOwner()) {
            TestDatabase.execute(
                    owner, "UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '0015'");
        }

        assertThatThrownBy(database::migrate)
                .isInstanceOf(FlywayException.class)
                .hasMessageContaining("checksum mismatch");
    }

    @Test
    void creatingADatabaseAgainKeepsItAndTakesTheNewPasswords() throws Exception {
        TestDatabase database = TestDatabase.migrated(ServiceDatabase.DELIVERIES);
        PostgresLogin admin = PostgresServer.ADMIN;
        String name = database.url().replaceFirst(".*/([^?]+).*", "$1");
        DatabaseCluster cluster = new DatabaseCluster(admin.url(), admin.user(), admin.password());

        cluster.create(database.kind(), name, TestDatabase.OWNER_PASSWORD, "another-password");
        try (Connection app = new PostgresLogin(database.url(), database.kind().appRole(), "another-password").open()) {
            assertThat(TestDatabase.query(app, "SELECT count(*) FROM delivery")).containsExactly("0");
        } finally {
            cluster.create(database.kind(), name, TestDatabase.OWNER_PASSWORD, TestDatabase.APP_PASSWORD);
        }
    }

    @Test
    void administratorWhoIsNoSuperuserCanCreateDatabases() throws Exception {
        try (Connection admin = PostgresServer.ADMIN.open()) {
            TestDatabase.execute(admin, "CREATE ROLE modest_admin LOGIN CREATEDB CREATEROLE PASSWORD 'modest'");
            // As if it had created them itself: roles belong to the whole server, and other tests came first.
            for (ServiceDatabase kind : ServiceDatabase.values()) {
                for (String role : new String[] {kind.ownerRole(), kind.appRole(), DatabaseCluster.READER_ROLE}) {
                    TestDatabase.execute(admin, """
                            DO $$ BEGIN CREATE ROLE %1$s; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                            GRANT %1$s TO modest_admin WITH ADMIN OPTION, INHERIT FALSE, SET FALSE;
                            """.formatted(role));
                }
            }
        }
        DatabaseCluster cluster = new DatabaseCluster(PostgresServer.ADMIN.url(), "modest_admin", "modest");

        cluster.createReader(TestDatabase.READER_PASSWORD);
        cluster.create(ServiceDatabase.ORCHESTRATOR, "modest", TestDatabase.OWNER_PASSWORD, TestDatabase.APP_PASSWORD);

        assertThat(new TestDatabase(ServiceDatabase.ORCHESTRATOR, TestDatabase.urlOf("modest"))
                        .migrate()
                        .applied())
                .isPositive();
    }

    private static int filesFor(ServiceDatabase kind) throws Exception {
        return (int) MigrationFile.all().stream()
                .filter(file -> kind.locations().contains("classpath:db/" + file.set()))
                .count();
    }
}
