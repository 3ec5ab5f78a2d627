package dev.counterstep.quickstart;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** The Spring properties each service is started with: as in production, but for what only a quickstart may do. */
final class ServiceSettings {

    /** For services that wait more than they work: what lets them take less of a machine while nothing happens. */
    static final Map<String, String> AT_REST = Map.of(
            // Each connection is a process: so many as are used.
            "spring.datasource.hikari.minimum-idle", "2",
            // How often a consumer looks whether a heartbeat is due.
            "spring.kafka.consumer.properties.retry.backoff.ms", "1000",
            // How often the relay looks whether something was appended that nobody announced.
            "counterstep.messaging.relay.interval", "2s",
            // How often the broker is asked whether participants can be heard; well below the patience with their
            // replies.
            "counterstep.orchestrator.observe-interval", "2s");

    private static final String JPA = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
            + "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration";

    private static final int LOWEST_STRENGTH = 4;

    private final Options options;
    private final Map<String, String> more;
    private final Secrets secrets;
    private final Map<String, String> users;
    private final PostgresServer postgres;
    private final KafkaServer kafka;

    /** @param more for all services, such as {@link #AT_REST} */
    ServiceSettings(
            Options options, Map<String, String> more, Secrets secrets, PostgresServer postgres, KafkaServer kafka) {
        this.options = options;
        this.more = more;
        this.secrets = secrets;
        this.users = users(secrets);
        this.postgres = postgres;
        this.kafka = kafka;
    }

    /** For one service; what the command line says comes last and wins. */
    Map<String, String> of(ServiceProcess process) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("server.address", "127.0.0.1");
        properties.put(
                "server.port", String.valueOf(process.port(options.ports().httpBase())));
        properties.put(
                "spring.datasource.url", postgres.jdbcUrl(process.database().databaseName()));
        properties.put("spring.datasource.username", process.database().appRole());
        properties.put(
                "spring.datasource.password", secrets.of(process.database().appRole()));
        properties.put("spring.kafka.bootstrap-servers", kafka.bootstrap());
        // After a kill, each group waits for its old members this long; Kafka's default is 45 s.
        properties.put("spring.kafka.consumer.properties.session.timeout.ms", "10000");
        properties.put("spring.lifecycle.timeout-per-shutdown-phase", "3s");
        properties.put("counterstep.demo-data", "true");
        if (process != ServiceProcess.ORDER) {
            // Their own class paths have no JPA, whose transaction manager would take the place of JDBC's.
            properties.put("spring.autoconfigure.exclude", JPA);
        }
        if (process != ServiceProcess.ORCHESTRATOR) {
            properties.put("counterstep.security.open", "true");
        }
        properties.putAll(users);
        properties.putAll(more);
        properties.putAll(options.springProperties());
        return properties;
    }

    /** The operators, with hashes: no service ever sees a password. Nobody can guess them, so the hash need not be slow. */
    private static Map<String, String> users(Secrets secrets) {
        PasswordEncoder bcrypt = new BCryptPasswordEncoder(LOWEST_STRENGTH);
        Map<String, String> users = new LinkedHashMap<>();
        for (Operator operator : Operator.values()) {
            String user = "counterstep.security.users." + operator.user();
            users.put(user + ".password-hash", "{bcrypt}" + bcrypt.encode(secrets.of(operator.user())));
            users.put(user + ".roles", operator.role().name());
        }
        return users;
    }
}
