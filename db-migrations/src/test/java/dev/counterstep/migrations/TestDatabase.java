package dev.counterstep.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of one kind, with all its logins. */
record TestDatabase(ServiceDatabase kind, String url) {

    static final String OWNER_PASSWORD = "owner's \"password\"";
    static final String APP_PASSWORD = "app-password";
    static final String READER_PASSWORD = "reader-password";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final Map<ServiceDatabase, TestDatabase> SHARED = new EnumMap<>(ServiceDatabase.class);

    static TestDatabase empty(ServiceDatabase kind) throws SQLException {
        String name = kind.databaseName() + "_" + COUNT.incrementAndGet();
        PostgresLogin admin = PostgresServer.ADMIN;
        DatabaseCluster cluster = new DatabaseCluster(admin.url(), admin.user(), admin.password());
        cluster.createReader(READER_PASSWORD);
        cluster.create(kind, name, OWNER_PASSWORD, APP_PASSWORD);
        return new TestDatabase(kind, urlOf(name));
    }

    static TestDatabase migrated(ServiceDatabase kind) throws SQLException {
        TestDatabase database = empty(kind);
        database.migrate();
        return database;
    }

    /** A migrated database that others use as well: leave it as you found it. */
    static synchronized TestDatabase shared(ServiceDatabase kind) throws SQLException {
        TestDatabase database = SHARED.get(kind);
        if (database == null) {
            database = migrated(kind);
            SHARED.put(kind, database);
        }
        return database;
    }

    static String urlOf(String database) {
        return PostgresServer.ADMIN.url().replaceFirst("(//[^/]+/)[^?]*", "$1" + database);
    }

    Migrator.Result migrate() throws SQLException {
        return Migrator.migrate(kind, url, OWNER_PASSWORD);
    }

    Connection asOwner() throws SQLException {
        return new PostgresLogin(url, kind.ownerRole(), OWNER_PASSWORD).open();
    }

    Connection asApp() throws SQLException {
        return new PostgresLogin(url, kind.appRole(), APP_PASSWORD).open();
    }

    Connection asReader() throws SQLException {
        return new PostgresLogin(url, DatabaseCluster.READER_ROLE, READER_PASSWORD).open();
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of each row, as text. */
    static List<String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return values;
        }
    }
}
