package dev.counterstep.migrations;

import java.util.List;
import java.util.stream.Stream;

/**
 * The databases of Counterstep, one for each process. Each has two logins of its own: the owner, who creates and migrates,
 * and the application, who may only read and write what the migrations grant.
 */
public enum ServiceDatabase {
    ORCHESTRATOR("orchestrator", false),
    ORDERS("orders", true),
    INVENTORY("inventory", true),
    PAYMENTS("payments", true),
    DELIVERIES("deliveries", true);

    private final String databaseName;
    private final boolean participant;

    ServiceDatabase(String databaseName, boolean participant) {
        this.databaseName = databaseName;
        this.participant = participant;
    }

    /** The database's usual name. Its roles are named after it, whatever the database itself is called. */
    public String databaseName() {
        return databaseName;
    }

    /** The login that owns the database and runs its migrations. */
    public String ownerRole() {
        return databaseName + "_owner";
    }

    /** The login of the service: no DDL, and of each table only what its migration grants. */
    public String appRole() {
        return databaseName + "_app";
    }

    /** Where Flyway finds the migrations: sets shared with other databases, then its own. Numbers are unique over all. */
    List<String> locations() {
        Stream<String> sets = participant
                ? Stream.of("common", "outbox", "participant", databaseName)
                : Stream.of("common", "outbox", databaseName);
        return sets.map(set -> "classpath:db/" + set).toList();
    }
}
