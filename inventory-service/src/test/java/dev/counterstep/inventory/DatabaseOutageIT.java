package dev.counterstep.inventory;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import dev.counterstep.messaging.CommandMessage;
import dev.counterstep.messaging.ParticipantClient;
import dev.counterstep.messaging.TcpProxy;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A participant whose database goes away in the middle of a command. */
class DatabaseOutageIT {

    /** Not {@code inventory}: another context of this JVM is that one. */
    private static final String PARTICIPANT = "far-inventory";

    private final TestDatabase database = TestInfrastructure.newDatabase("inventory");
    private final UUID saga = UUID.randomUUID();

    @Test
    void commandWhoseConnectionBreaksIsHandledWhenTheDatabaseIsBack() throws SQLException {
        try (TcpProxy wire = TestInfrastructure.newPostgresWire();
                ConfigurableApplicationContext service = startBehind(wire);
                ParticipantClient client = new ParticipantClient(PARTICIPANT);
                Connection owner = database.ownerDataSource().getConnection()) {
            service.getBean(Restock.class).restock("product_far", 10);
            JdbcTemplate sql = new JdbcTemplate(new SingleConnectionDataSource(owner, true));
            owner.setAutoCommit(false);
            sql.queryForList("SELECT * FROM product WHERE id = 'product_far' FOR UPDATE");
            client.send(CommandMessage.action(
                    saga,
                    "inventory.reserve",
                    "{\"orderId\": \"order-1\", \"productId\": \"product_far\", \"quantity\": 3}"));
            await().until(() -> waitsForTheRow(sql));

            wire.cut();
            owner.rollback();
            wire.restore();

            assertThat(client.awaitReplies(saga, 1))
                    .extracting(ParticipantClient.Message::outcome)
                    .containsExactly("SUCCEEDED");
        }
    }

    private static boolean waitsForTheRow(JdbcTemplate sql) {
        Integer waiting = sql.queryForObject("SELECT count(*) FROM pg_locks WHERE NOT granted", Integer.class);
        return waiting != null && waiting > 0;
    }

    private ConfigurableApplicationContext startBehind(TcpProxy wire) {
        Map<String, Object> properties = new HashMap<>();
        TestInfrastructure.throughWire(database, wire)
                .properties()
                .forEach((name, value) -> properties.put(name.toString(), value));
        properties.put("spring.kafka.bootstrap-servers", TestInfrastructure.bootstrapServers());
        properties.put("server.port", 0);
        properties.put("counterstep.security.open", true);
        properties.put("counterstep.messaging.participant", PARTICIPANT);
        return InventoryApplication.builder()
                .run(properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }
}
