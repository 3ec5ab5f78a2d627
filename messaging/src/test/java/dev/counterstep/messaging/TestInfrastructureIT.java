package dev.counterstep.messaging;

import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TestInfrastructureIT {

    @Test
    void eachDatabaseIsNewAndMigrated() {
        TestDatabase one = TestInfrastructure.newDatabase("inventory");
        TestDatabase other = TestInfrastructure.newDatabase("inventory");

        assertThat(one.name()).isNotEqualTo(other.name());
        assertThat(new JdbcTemplate(one.dataSource()).queryForObject("SELECT count(*) FROM inbox", Long.class))
                .isZero();
    }

    @Test
    void databaseBehindACutWireCannotBeReached() throws SQLException {
        try (TcpProxy wire = TestInfrastructure.newPostgresWire()) {
            TestDatabase database = TestInfrastructure.throughWire(TestInfrastructure.newDatabase("inventory"), wire);
            try (var open = database.dataSource().getConnection()) {
                wire.cut();
                assertThat(open.isValid(5)).isFalse();
            }
            assertThatThrownBy(() -> database.dataSource().getConnection()).isInstanceOf(SQLException.class);

            wire.restore();
            try (var open = database.dataSource().getConnection()) {
                assertThat(open.isValid(5)).isTrue();
            }
        }
    }

    @Test
    void brokerBehindACutWireCannotBeReachedUntilTheWireIsMended() throws Exception {
        TcpProxy wire = TestInfrastructure.kafkaWire();
        wire.cut();
        try (Admin admin = admin(TestInfrastructure.cuttableBootstrapServers());
                Admin besideTheWire = admin(TestInfrastructure.bootstrapServers())) {
            assertThat(besideTheWire.describeCluster().nodes().get()).hasSize(1);
            assertThatThrownBy(() -> admin.describeCluster().nodes().get()).isInstanceOf(ExecutionException.class);
        } finally {
            wire.restore();
        }
        try (Admin admin = admin(TestInfrastructure.cuttableBootstrapServers())) {
            assertThat(admin.describeCluster().nodes().get())
                    .singleElement()
                    .satisfies(node -> assertThat(node.port()).isEqualTo(wire.port()));
        }
    }

    @Test
    void brokerLeavesTestsTheChoiceOfItsDoor() {
        assertThat(TestInfrastructure.bootstrapServers()).isNotEmpty();
        // As a system property it would outrank what a test gives its application, and lead it around the wire.
        assertThat(System.getProperty("spring.kafka.bootstrap-servers")).isNull();
    }

    private static Admin admin(String bootstrapServers) {
        return Admin.create(Map.of(
                "bootstrap.servers", bootstrapServers,
                "request.timeout.ms", "1000",
                "default.api.timeout.ms", "2000"));
    }
}
