package dev.counterstep.messaging.participant;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.TransactionSystemException;

import static org.assertj.core.api.Assertions.assertThat;

class DatabaseOutageTest {

    @ParameterizedTest
    @ValueSource(strings = {"08001", "08003", "08006", "57P01", "57P02", "57P03", "53300"})
    void connectionThatIsLostOrRefusedIsAnOutage(String state) {
        assertThat(DatabaseOutage.isBehind(
                        new DataAccessResourceFailureException("lost", new SQLException("lost", state))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "40P01", "40001", "57014", "22001", "25P03"})
    void whatOneStatementDidWrongIsNoOutage(String state) {
        assertThat(DatabaseOutage.isBehind(new IllegalStateException(new SQLException("wrong", state))))
                .isFalse();
    }

    @Test
    void poolThatGivesNoConnectionIsAnOutage() {
        assertThat(DatabaseOutage.isBehind(new SQLTransientConnectionException("timed out")))
                .isTrue();
    }

    @Test
    void outageHiddenByAFailedRollbackIsAnOutage() {
        TransactionSystemException rollback =
                new TransactionSystemException("cannot roll back", new SQLException("Connection is closed"));
        rollback.initApplicationException(new IllegalStateException(new SQLException("lost", "08006")));

        assertThat(DatabaseOutage.isBehind(rollback)).isTrue();
    }

    /** As JPA's transaction manager throws it: its exception hides the handler's, and what the pool says has no SQLState. */
    @Test
    void rollbackOnAConnectionThatThePoolHasClosedIsAnOutage() {
        SQLException closed = new SQLException("Connection is closed");
        RuntimeException rollback = new IllegalStateException("Unable to rollback against JDBC Connection", closed);

        assertThat(DatabaseOutage.isBehind(new IllegalStateException("JpaSystemException", rollback)))
                .isTrue();
        assertThat(DatabaseOutage.isBehind(new IllegalStateException(new SQLException("Statement is closed"))))
                .isFalse();
    }

    @Test
    void causesInACircleEnd() {
        IllegalStateException one = new IllegalStateException("one");
        one.initCause(new IllegalStateException("other", one));

        assertThat(DatabaseOutage.isBehind(one)).isFalse();
    }
}
