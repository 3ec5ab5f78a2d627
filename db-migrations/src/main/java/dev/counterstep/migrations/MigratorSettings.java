package dev.counterstep.migrations;

import java.util.EnumMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the migrator is told by its environment.
 *
 * @param admin creates missing databases and logins first; null when they were made by other means
 * @param readerPassword of {@link DatabaseCluster#READER_ROLE}; used with {@code admin} only
 * @param targets what to migrate, one for each database
 */
record MigratorSettings(@Nullable PostgresLogin admin, String readerPassword, Map<ServiceDatabase, Target> targets) {

    private static final String PREFIX = "COUNTERSTEP_";

    /** One database: its JDBC URL and the passwords of its two logins. */
    record Target(String url, String ownerPassword, String appPassword) {
        @Override
        public String toString() {
            return url;
        }
    }

    /** @throws IllegalArgumentException naming the first variable that is missing */
    static MigratorSettings from(Map<String, String> environment) {
        boolean bootstrap = environment.containsKey(PREFIX + "POSTGRES_ADMIN_URL");
        PostgresLogin admin = bootstrap
                ? new PostgresLogin(
                        required(environment, "POSTGRES_ADMIN_URL"),
                        required(environment, "POSTGRES_ADMIN_USER"),
                        required(environment, "POSTGRES_ADMIN_PASSWORD"))
                : null;
        Map<ServiceDatabase, Target> targets = new EnumMap<>(ServiceDatabase.class);
        for (ServiceDatabase database : ServiceDatabase.values()) {
            targets.put(
                    database,
                    new Target(
                            required(environment, database + "_URL"),
                            required(environment, database + "_OWNER_PASSWORD"),
                            bootstrap ? required(environment, database + "_APP_PASSWORD") : ""));
        }
        return new MigratorSettings(admin, bootstrap ? required(environment, "READER_PASSWORD") : "", targets);
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(PREFIX + name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(PREFIX + name + " is not set in the environment.");
        }
        return value;
    }

    @Override
    public String toString() {
        return "migrate " + targets + (admin == null ? "" : ", created by " + admin);
    }
}
