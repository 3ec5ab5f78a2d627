package dev.counterstep.quickstart;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.counterstep.migrations.DatabaseCluster;
import dev.counterstep.migrations.ServiceDatabase;

/** How to reach what runs: addresses and credentials, for people and for programs. */
final class Access {

    private static final String FILE = "connection.properties";

    private final Map<String, String> properties = new LinkedHashMap<>();

    Access(Ports ports, Secrets secrets, PostgresServer postgres, KafkaServer kafka) {
        String orchestrator = ServiceProcess.ORCHESTRATOR.url(ports.httpBase());
        properties.put("api.url", orchestrator + "/api/v1");
        properties.put("console.url", orchestrator + "/");
        properties.put("order.url", ServiceProcess.ORDER.url(ports.httpBase()));
        properties.put("inventory.url", ServiceProcess.INVENTORY.url(ports.httpBase()));
        properties.put("payment.url", ServiceProcess.PAYMENT.url(ports.httpBase()));
        properties.put("delivery.url", ServiceProcess.DELIVERY.url(ports.httpBase()));
        for (Operator operator : Operator.values()) {
            properties.put(operator.user() + ".user", operator.user());
            properties.put(operator.user() + ".password", secrets.of(operator.user()));
        }
        properties.put("postgres.url", postgres.jdbcUrl(ServiceDatabase.ORCHESTRATOR.databaseName()));
        properties.put("postgres.reader.user", DatabaseCluster.READER_ROLE);
        properties.put("postgres.reader.password", secrets.of(DatabaseCluster.READER_ROLE));
        properties.put("postgres.admin.user", PostgresServer.SUPERUSER);
        properties.put("postgres.admin.password", secrets.of(PostgresServer.SUPERUSER));
        properties.put("kafka.bootstrap", kafka.bootstrap());
    }

    /** One value by its name in the file. */
    String of(String name) {
        String value = properties.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no such property: " + name);
        }
        return value;
    }

    /** Writes {@code connection.properties}: its presence says that everything is ready. */
    void write(DataDirectory directory) throws IOException {
        StringBuilder content = new StringBuilder();
        properties.forEach(
                (name, value) -> content.append(name).append('=').append(value).append('\n'));
        directory.writePrivately(FILE, content.toString());
    }

    /** Takes the file away: from now on nothing is ready. */
    static void remove(DataDirectory directory) throws IOException {
        DataDirectory.delete(directory.path().resolve(FILE));
    }

    /** Links, credentials, and commands to copy. */
    String welcome() {
        return """

                Orders      %1$s/orders   Swagger UI %1$s/swagger-ui.html
                Inventory   %2$s/inventory
                Payments    %3$s/payments
                Deliveries  %4$s/deliveries
                Sagas       %5$s/sagas   as operator, password %6$s
                                                          or viewer, password %7$s
                                                          or admin, password %8$s
                Kafka       %9$s

                Place an order, and one that must fail:
                  curl -X POST %1$s/orders -H 'Content-Type: application/json' \\
                       -d '{"user_id": "user_123", "product_id": "product_1", "quantity": 2, "amount": 199.99}'
                  curl -X POST %1$s/orders -H 'Content-Type: application/json' \\
                       -d '{"user_id": "user_insufficient", "product_id": "product_3", "quantity": 100, "amount": 4999.99}'
                See its saga, and the log of every step (ID from the first answer):
                  curl -u operator:%6$s '%5$s/sagas?businessKey=ORDER_ID'
                  curl -u operator:%6$s %5$s/sagas/SAGA_ID/log
                Ask in SQL:
                  PGPASSWORD=%10$s psql -h 127.0.0.1 -p %11$s -U saga_reader orchestrator \\
                       -c 'SELECT status, count(*) FROM saga_v1.saga GROUP BY 1'
                """.formatted(
                        of("order.url"),
                        of("inventory.url"),
                        of("payment.url"),
                        of("delivery.url"),
                        of("api.url"),
                        of("operator.password"),
                        of("viewer.password"),
                        of("admin.password"),
                        of("kafka.bootstrap"),
                        of("postgres.reader.password"),
                        of("postgres.url").replaceAll(".*:([0-9]+)/.*", "$1"));
    }
}
