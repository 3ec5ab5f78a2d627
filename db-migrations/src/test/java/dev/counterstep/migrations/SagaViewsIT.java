package dev.counterstep.migrations;

import java.sql.Connection;
import java.sql.SQLException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/** What the views of saga_v1 answer, beyond being there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SagaViewsIT {

    private final Connection owner;

    SagaViewsIT() throws SQLException {
        owner = TestDatabase.shared(ServiceDatabase.ORCHESTRATOR).asOwner();
        owner.setAutoCommit(false);
    }

    @BeforeEach
    void begin() throws SQLException {
        insert(Row.of("saga_definition"));
    }

    @AfterEach
    void forget() throws SQLException {
        owner.rollback();
    }

    @AfterAll
    void close() throws SQLException {
        owner.close();
    }

    @Test
    void sagaTellsInputAndRepliesAsData() throws SQLException {
        insert(Row.of("saga").with("input='{\"orderId\": \"o-1\"}'", "replies='{\"pay\": {\"paymentId\": \"p-1\"}}'"));

        assertThat(query("SELECT data -> 'input' ->> 'orderId' FROM saga_v1.saga"))
                .isEqualTo("o-1");
        assertThat(query("SELECT data -> 'steps' -> 'pay' ->> 'paymentId' FROM saga_v1.saga"))
                .isEqualTo("p-1");
    }

    @Test
    void durationRunsUntilTheEnd() throws SQLException {
        insert(ended("COMPENSATED", "now() - interval '1h'", "now() - interval '1h' + interval '3s'"));

        assertThat(query("SELECT duration = interval '3s' FROM saga_v1.saga")).isEqualTo("t");
    }

    @Test
    void stepsAreTypedAndAbsentMeansNull() throws SQLException {
        insert(Row.of("saga").with("""
                        steps='{"pay": {"kind": "COMPENSATABLE", "participant": "payment", "status": "SENT", "phase": "ACTION",
                        "generation": 2, "attempts": 3, "sentAt": "2026-01-02T03:04:05.678Z"}}'"""));

        assertThat(query("""
                                SELECT concat_ws('|', step, kind, status, generation + 1, attempts + 1,
                                                 to_char(sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS'))
                                FROM saga_v1.saga_step""")).isEqualTo("pay|COMPENSATABLE|SENT|3|4|2026-01-02 03:04:05.678");
        assertThat(query("SELECT replied_at IS NULL AND reason IS NULL FROM saga_v1.saga_step"))
                .isEqualTo("t");
    }

    @Test
    void stuckCompensationIsExplainedByTheStepThatHoldsIt() throws SQLException {
        insert(stuck("""
                {"process-payment": {"kind": "COMPENSATABLE", "status": "REJECTED", "phase": "ACTION", "reason": "declined"},
                 "reserve-inventory": {"kind": "COMPENSATABLE", "status": "FAILED", "phase": "COMPENSATION", "attempts": 5,
                                       "reason": "no answer"}}"""));

        assertThat(query("SELECT verdict FROM saga_v1.stuck_saga")).isEqualTo("COMPENSATION_OUT_OF_ATTEMPTS");
        assertThat(query("SELECT explanation FROM saga_v1.stuck_saga"))
                .isEqualTo("the compensation of step reserve-inventory has no attempt left: no answer");
        assertThat(query("SELECT failure_step || ': ' || failure_reason FROM saga_v1.stuck_saga"))
                .isEqualTo("process-payment: declined");
    }

    @Test
    void stuckRetriableStepIsExplainedByItsRejection() throws SQLException {
        insert(stuck("""
                {"complete-order": {"kind": "RETRIABLE", "status": "REJECTED", "phase": "ACTION",
                                    "reason": "order is gone"}}"""));

        assertThat(query("SELECT verdict FROM saga_v1.stuck_saga")).isEqualTo("ACTION_REJECTED");
        assertThat(query("SELECT explanation FROM saga_v1.stuck_saga"))
                .isEqualTo("the action of step complete-order was refused: order is gone");
    }

    @Test
    void stuckSagaWithoutAHoldingStepIsStillListed() throws SQLException {
        insert(stuck("{}"));

        assertThat(query("SELECT explanation FROM saga_v1.stuck_saga"))
                .isEqualTo("the action of step process-payment has no attempt left: declined");
    }

    @Test
    void sagaThatIsNotStuckIsNotListed() throws SQLException {
        insert(Row.of("saga"));

        assertThat(query("SELECT count(*) FROM saga_v1.stuck_saga")).isEqualTo("0");
    }

    @Test
    void durationsAreCountedByDefinitionAndDay() throws SQLException {
        for (int second = 1; second <= 4; second++) {
            insert(ended("COMPENSATED", "'2026-01-02T00:00:00Z'", "'2026-01-02T00:00:0" + second + "Z'")
                    .with("id=gen_random_uuid()", "business_key='o-" + second + "'"));
        }

        assertThat(query("SELECT concat_ws('|', definition, day, count, p50, p99) FROM saga_v1.saga_duration"))
                .isEqualTo("order-fulfilment|2026-01-02|4|00:00:02|00:00:04");
    }

    @Test
    void emptyOutboxHasABacklogOfNothing() throws SQLException {
        assertThat(query("SELECT concat_ws('|', rows, oldest_age) FROM saga_v1.outbox_backlog"))
                .isEqualTo("0|00:00:00");
    }

    @Test
    void backlogIsAsOldAsItsOldestMessage() throws SQLException {
        insert(Row.of("outbox").with("created_at=now() - interval '1min'"));
        insert(Row.of("outbox"));

        assertThat(query("SELECT concat_ws('|', rows, oldest_age) FROM saga_v1.outbox_backlog"))
                .isEqualTo("2|00:01:00");
    }

    @Test
    void operatorActionsAreDrawnFromTheLog() throws SQLException {
        insert(Row.of("saga_log"));
        insert(Row.of("saga_log")
                .with(
                        "kind='OPERATOR_ACTION'",
                        "actor='operator:ann'",
                        "detail='{\"action\": \"replay\", \"reason\": \"stock is back\"}'"));

        assertThat(query("SELECT concat_ws('|', actor, action, reason, refused) FROM saga_v1.operator_action"))
                .isEqualTo("operator:ann|replay|stock is back");
    }

    @Test
    void operatorActionsTellWhoPausedAndResumedAParticipant() throws SQLException {
        insert(Row.of("participant_pause").with("paused_at=now() - interval '1h'"));
        insert(Row.of("participant_pause")
                .with("participant='delivery'", "resumed_at=NULL", "resumed_by=NULL", "resume_reason=NULL"));

        assertThat(query("SELECT concat_ws('|', actor, action, participant, reason) FROM saga_v1.operator_action"
                        + " WHERE saga_id IS NULL ORDER BY participant, at"))
                .isEqualTo("""
                        operator:ann|pause|delivery|gateway is being replaced
                        operator:ann|pause|payment|gateway is being replaced
                        operator:ben|resume|payment|gateway is replaced""");
    }

    private static Row stuck(String steps) {
        return Row.of("saga").with("status='STUCK'", "next_action_at=NULL", "steps='" + steps + "'");
    }

    private static Row ended(String status, String startedAt, String endedAt) {
        return Row.of("saga")
                .with(
                        "status='" + status + "'",
                        "next_action_at=NULL",
                        "started_at=" + startedAt,
                        "updated_at=" + endedAt,
                        "ended_at=" + endedAt);
    }

    private void insert(Row row) throws SQLException {
        TestDatabase.execute(owner, row.insert());
    }

    private String query(String sql) throws SQLException {
        return String.join("\n", TestDatabase.query(owner, sql));
    }
}
