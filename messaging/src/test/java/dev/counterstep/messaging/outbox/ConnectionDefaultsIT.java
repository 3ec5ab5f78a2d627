package dev.counterstep.messaging.outbox;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;

import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConnectionDefaultsIT {

    private final TestDatabase database = TestInfrastructure.newDatabase("inventory");
    private final HikariDataSource pool = new HikariDataSource();
    private final JdbcTemplate jdbc = new JdbcTemplate(pool);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void statementsAndSilentTransactionsEndInTimeAndBatchesArePlannedEachTime() {
        begin();

        assertThat(setting("statement_timeout")).isEqualTo("30s");
        assertThat(setting("idle_in_transaction_session_timeout")).isEqualTo("1min");
        assertThat(setting("plan_cache_mode")).isEqualTo("force_custom_plan");
    }

    @Test
    void poolThatKeepsPlansKeepsThemAndItsStatementsEndInTime() {
        pool.setConnectionInitSql("SET plan_cache_mode = force_generic_plan");
        begin();

        assertThat(setting("statement_timeout")).isEqualTo("30s");
        assertThat(setting("plan_cache_mode")).isEqualTo("force_generic_plan");
    }

    @Test
    void poolMayHaveATimeOfItsOwn() {
        pool.setConnectionInitSql("SET statement_timeout = '100ms'");
        begin();

        assertThatExceptionOfType(QueryTimeoutException.class).isThrownBy(() -> jdbc.execute("SELECT pg_sleep(30)"));
        assertThat(setting("statement_timeout")).isEqualTo("100ms");
    }

    private void begin() {
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.user());
        pool.setPassword(database.password());
        new ConnectionDefaults().postProcessBeforeInitialization(pool, "dataSource");
    }

    private String setting(String name) {
        return String.valueOf(jdbc.queryForObject("SHOW " + name, String.class));
    }
}
