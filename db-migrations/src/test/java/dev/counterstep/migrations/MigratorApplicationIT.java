package dev.counterstep.migrations;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MigratorApplicationIT {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void emptyServerGetsAllFiveDatabasesAndASecondRunNeedsNoAdministratorAndAppliesNothing() {
        Map<String, String> environment = environment("first");

        assertThat(run(environment)).isZero();
        assertThat(lines(out)).hasSize(5).noneMatch(line -> line.contains(" 0 applied"));
        assertThat(lines(err)).isEmpty();

        out.reset();
        environment
                .keySet()
                .removeIf(name -> name.contains("ADMIN") || name.contains("APP") || name.contains("READER"));
        assertThat(run(environment)).isZero();
        assertThat(lines(out)).hasSize(5).allMatch(line -> line.contains(" 0 applied"));
    }

    @Test
    void missingVariableIsNamedInOneSentence() {
        Map<String, String> environment = environment("second");
        environment.remove("COUNTERSTEP_PAYMENTS_OWNER_PASSWORD");

        assertThat(run(environment)).isEqualTo(1);
        assertThat(lines(err))
                .containsExactly(
                        "Migration stopped: COUNTERSTEP_PAYMENTS_OWNER_PASSWORD is not set in the environment.");
        assertThat(lines(out)).isEmpty();
    }

    @Test
    void wrongPasswordEndsAtOnceInOneSentenceThatDoesNotTellIt() throws Exception {
        Map<String, String> environment = environment("third");
        environment.keySet().removeIf(name -> name.contains("ADMIN"));
        environment.put(
                "COUNTERSTEP_ORCHESTRATOR_URL",
                TestDatabase.empty(ServiceDatabase.ORCHESTRATOR).url());
        environment.put("COUNTERSTEP_ORCHESTRATOR_OWNER_PASSWORD", "not-the-password");

        assertThat(run(environment)).isEqualTo(1);
        assertThat(lines(err))
                .singleElement()
                .asString()
                .startsWith("Migration stopped: as orchestrator_owner at jdbc:postgresql:")
                .contains("password authentication failed")
                .doesNotContain("not-the-password");
    }

    @Test
    void urlWithoutADatabaseIsRefused() {
        Map<String, String> environment = environment("fourth");
        environment.put("COUNTERSTEP_ORDERS_URL", "jdbc:mysql://localhost/orders");

        assertThat(run(environment)).isEqualTo(1);
        assertThat(lines(err)).singleElement().asString().contains("Not a PostgreSQL JDBC URL");
    }

    @Test
    void urlThatNamesAUserIsRefusedBecauseItWouldWinOverTheOwner() {
        Map<String, String> environment = environment("fourth");
        environment.keySet().removeIf(name -> name.contains("ADMIN"));
        environment.put("COUNTERSTEP_ORCHESTRATOR_URL", TestDatabase.urlOf("x") + "?sslmode=disable&user=postgres");

        assertThat(run(environment)).isEqualTo(1);
        assertThat(lines(err)).singleElement().asString().contains("must not carry a user or password");
    }

    @Test
    void settingsPrintedAnywhereKeepTheirPasswords() {
        assertThat(MigratorSettings.from(environment("fifth")).toString())
                .contains("orders_fifth")
                .doesNotContain(TestDatabase.OWNER_PASSWORD)
                .doesNotContain(TestDatabase.APP_PASSWORD);
    }

    private int run(Map<String, String> environment) {
        return MigratorApplication.run(
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static String[] lines(ByteArrayOutputStream printed) {
        return printed.toString(StandardCharsets.UTF_8).lines().toArray(String[]::new);
    }

    private static Map<String, String> environment(String suffix) {
        PostgresLogin admin = PostgresServer.ADMIN;
        Map<String, String> environment = new HashMap<>(Map.of(
                "COUNTERSTEP_POSTGRES_ADMIN_URL", admin.url(),
                "COUNTERSTEP_POSTGRES_ADMIN_USER", admin.user(),
                "COUNTERSTEP_POSTGRES_ADMIN_PASSWORD", admin.password(),
                "COUNTERSTEP_READER_PASSWORD", TestDatabase.READER_PASSWORD));
        for (ServiceDatabase kind : ServiceDatabase.values()) {
            String name = kind.databaseName() + "_" + suffix;
            environment.put("COUNTERSTEP_" + kind + "_URL", TestDatabase.urlOf(name));
            environment.put("COUNTERSTEP_" + kind + "_OWNER_PASSWORD", TestDatabase.OWNER_PASSWORD);
            environment.put("COUNTERSTEP_" + kind + "_APP_PASSWORD", TestDatabase.APP_PASSWORD);
        }
        return environment;
    }
}
