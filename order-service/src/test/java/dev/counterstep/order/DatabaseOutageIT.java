package dev.counterstep.order;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import dev.counterstep.messaging.ParticipantClient;
import dev.counterstep.messaging.TcpProxy;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A participant with JPA's transactions, and whose database goes away in the middle of a command. */
class DatabaseOutageIT {

    /** Not {@code order}: another context of this JVM is that one. */
    private static final String PARTICIPANT = "far-order";

    private final TestDatabase database = TestInfrastructure.newDatabase("orders");

    @Test
    void commandWhoseConnectionBreaksIsHandledWhenTheDatabaseIsBack() throws SQLException {
        try (TcpProxy wire = TestInfrastructure.newPostgresWire();
                ConfigurableApplicationContext service = startBehind(wire);
                ParticipantClient client = new ParticipantClient(PARTICIPANT);
                Connection owner = database.ownerDataSource().getConnection()) {
            var order = service.getBean(PlaceOrderBatch.class)
                    .place(List.of(request()))
                    .get(0);
            JdbcTemplate sql = new JdbcTemplate(new SingleConnectionDataSource(owner, true));
            owner.setAutoCommit(false);
            sql.queryForList("SELECT * FROM orders FOR UPDATE");
            var command = OrderCommands.complete(order.toString());
            client.send(command);
            await().until(() -> waitsForTheRow(sql));

            wire.cut();
            owner.rollback();
            wire.restore();

            assertThat(client.awaitReplies(command.sagaId(), 1))
                    .extracting(ParticipantClient.Message::outcome)
                    .containsExactly("SUCCEEDED");
        }
    }

    private static OrderRequest request() {
        return new OrderRequest(
                "user_1", "product_1", 1, new BigDecimal("10.00"), "EUR", "order-fulfilment", null, null);
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
        return OrderApplication.builder()
                .run(properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }
}
