package dev.counterstep.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PSQLException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Wrong states cannot be written: for each CHECK, UNIQUE, foreign key and trigger, a statement that it must refuse. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConstraintsIT {

    /**
     * A statement that must be refused.
     *
     * @param constraint the constraint or trigger that must refuse it
     * @param given what is done before, and accepted
     */
    record Refusal(ServiceDatabase kind, String constraint, List<String> given, String statement) {
        @Override
        public String toString() {
            return constraint + ": " + statement;
        }
    }

    /** Rows that others refer to; in every test's transaction. */
    private static final Map<ServiceDatabase, List<Row>> PARENTS = Map.of(
            ServiceDatabase.ORCHESTRATOR, List.of(Row.of("saga_definition")),
            ServiceDatabase.ORDERS, List.of(),
            ServiceDatabase.INVENTORY, List.of(Row.of("product")),
            ServiceDatabase.PAYMENTS, List.of(),
            ServiceDatabase.DELIVERIES, List.of());

    private final Map<ServiceDatabase, Connection> connections = new EnumMap<>(ServiceDatabase.class);

    static Stream<Refusal> refusals() {
        return Stream.of(sharedTables(), orchestrator(), orders(), inventory(), payments(), deliveries())
                .flatMap(refusals -> refusals);
    }

    private static Stream<Refusal> sharedTables() {
        ServiceDatabase kind = ServiceDatabase.INVENTORY;
        return Stream.of(
                row(kind, "outbox_headers_are_object", "outbox", "headers='[]'"),
                row(kind, "inbox_phase_known", "inbox", "phase='UNDO'", "outcome='SUCCEEDED'", "reason=NULL"),
                row(kind, "inbox_generation_counts_from_1", "inbox", "generation=0"),
                row(
                        kind,
                        "inbox_outcome_known",
                        "inbox",
                        "outcome='RETRYABLE'",
                        "reply_type=NULL",
                        "body=NULL",
                        "reason=NULL"),
                row(kind, "inbox_only_actions_are_refused_or_barred", "inbox", "phase='COMPENSATION'"),
                row(kind, "inbox_reply_type_iff_answered", "inbox", "reply_type=NULL"),
                row(kind, "inbox_reply_type_iff_answered", "inbox", "outcome=NULL", "body=NULL", "reason=NULL"),
                row(kind, "inbox_reply_type_iff_answered", "inbox", "outcome='EMPTY'", "body=NULL", "reason=NULL"),
                row(kind, "inbox_body_iff_answered", "inbox", "body=NULL"),
                row(kind, "inbox_body_iff_answered", "inbox", "outcome=NULL", "reply_type=NULL", "reason=NULL"),
                row(kind, "inbox_rejection_has_reason", "inbox", "reason=NULL"),
                row(kind, "inbox_reason_only_when_answered", "inbox", "outcome=NULL", "reply_type=NULL", "body=NULL"));
    }

    private static Stream<Refusal> orchestrator() {
        ServiceDatabase kind = ServiceDatabase.ORCHESTRATOR;
        String definition = "saga_definition";
        String pause = "participant_pause";
        Row lasting = Row.of(pause).with("resumed_at=NULL", "resumed_by=NULL", "resume_reason=NULL");
        return Stream.of(
                row(kind, "saga_definition_version_counts_from_1", definition, "version=0"),
                row(kind, "saga_definition_checksum_is_sha256", definition, "version=2", "checksum='abc'"),
                statement(kind, "saga_definition_insert_only", "UPDATE saga_definition SET source = 'saga: y'"),
                statement(kind, "saga_definition_insert_only", "DELETE FROM saga_definition"),
                statement(kind, "saga_definition_insert_only", "TRUNCATE saga_definition CASCADE"),
                row(
                        kind,
                        "saga_status_known",
                        "saga",
                        "status='PAUSED'",
                        "next_action_at=NULL",
                        "failure_step=NULL",
                        "failure_reason=NULL"),
                row(kind, "saga_ended_iff_terminal", "saga", "ended_at=now()"),
                row(kind, "saga_ended_iff_terminal", "saga", "status='COMPENSATED'", "next_action_at=NULL"),
                row(kind, "saga_due_iff_it_moves_by_itself", "saga", "next_action_at=NULL"),
                row(kind, "saga_due_iff_it_moves_by_itself", "saga", "status='STUCK'"),
                row(kind, "saga_reason_iff_failing", "saga", "failure_step=NULL", "failure_reason=NULL"),
                row(kind, "saga_reason_iff_failing", "saga", "status='RUNNING'"),
                row(kind, "saga_failure_step_has_reason", "saga", "status='RUNNING'", "failure_reason=NULL"),
                row(kind, "saga_times_in_order", "saga", "updated_at=now() - interval '1s'"),
                row(kind, "saga_version_not_negative", "saga", "version=-1"),
                row(kind, "saga_input_is_object", "saga", "input='[]'"),
                row(kind, "saga_replies_are_object", "saga", "replies='[]'"),
                row(kind, "saga_steps_are_object", "saga", "steps='[]'"),
                twice(kind, "saga_business_key_uq", "saga", "id='01999999-0000-7000-8000-00000000000f'"),
                update(kind, "saga_version_grows", "saga", "updated_at = now()"),
                row(kind, "participant_pause_resumed_whole_or_not", pause, "resumed_by=NULL"),
                row(kind, "participant_pause_times_in_order", pause, "resumed_at=now() - interval '1s'"),
                new Refusal(
                        kind,
                        "participant_pause_lasting_uq",
                        List.of(lasting.insert()),
                        lasting.with("pause_reason='again'").insert()),
                update(kind, "participant_pause_over_is_final", pause, "resume_reason = 'no reason'"),
                update(kind, "saga_version_grows", "saga", "version = 0"),
                update(
                        kind,
                        "saga_ended_is_final",
                        Row.of("saga").with("status='COMPENSATED'", "next_action_at=NULL", "ended_at=now()"),
                        "status = 'RUNNING', version = 2"),
                update(
                        kind,
                        "saga_ended_is_final",
                        Row.of("saga").with("status='ABANDONED'", "next_action_at=NULL", "ended_at=now()"),
                        "version = 2"),
                row(kind, "saga_log_kind_known", "saga_log", "kind='NOTED'"),
                row(kind, "saga_log_phase_known", "saga_log", "phase='UNDO'"),
                row(kind, "saga_log_step_generation_attempt_together", "saga_log", "generation=NULL"),
                row(kind, "saga_log_phase_has_step", "saga_log", "step=NULL", "generation=NULL", "attempt=NULL"),
                row(kind, "saga_log_generation_counts_from_1", "saga_log", "generation=0"),
                row(kind, "saga_log_attempt_not_negative", "saga_log", "attempt=-1"),
                row(kind, "saga_log_detail_is_object", "saga_log", "detail='[]'"),
                update(kind, "saga_log_insert_only", "saga_log", "actor = 'nobody'"),
                statement(kind, "saga_log_insert_only", "DELETE FROM saga_log"),
                statement(kind, "saga_log_insert_only", "TRUNCATE saga_log"),
                row(kind, "dead_letter_origin_whole_or_absent", "dead_letter", "original_offset=NULL"),
                row(kind, "dead_letter_original_position_not_negative", "dead_letter", "original_offset=-1"),
                row(kind, "dead_letter_headers_are_object", "dead_letter", "headers='[]'"),
                twice(kind, "dead_letter_origin_uq", "dead_letter", "id=gen_random_uuid()"),
                row(kind, "held_message_definition_fk", "held_message", "definition_version=2"),
                row(kind, "held_message_position_not_negative", "held_message", "topic_offset=-1"),
                row(kind, "held_message_headers_are_object", "held_message", "headers='[]'"));
    }

    private static Stream<Refusal> orders() {
        ServiceDatabase kind = ServiceDatabase.ORDERS;
        String[] pending = {"status='PENDING'", "reason=NULL", "ended_at=NULL"};
        return Stream.of(
                row(kind, "orders_status_known", "orders", "status='SHIPPED'", "reason=NULL", "ended_at=NULL"),
                row(kind, "orders_ended_iff_terminal", "orders", "ended_at=NULL"),
                row(kind, "orders_ended_iff_terminal", "orders", "status='PENDING'", "reason=NULL"),
                row(kind, "orders_reason_iff_cancelled", "orders", "reason=NULL"),
                row(kind, "orders_reason_iff_cancelled", "orders", "status='COMPLETED'"),
                row(kind, "orders_times_in_order", "orders", "ended_at=now() - interval '1s'"),
                row(kind, "orders_quantity_positive", "orders", "quantity=0"),
                row(kind, "orders_amount_positive", "orders", "amount=0"),
                row(kind, "orders_currency_is_iso_code", "orders", "currency='euro'"),
                row(kind, "orders_version_not_negative", "orders", "version=-1"),
                update(kind, "orders_ended_is_final", "orders", "status = 'COMPLETED', reason = NULL"),
                update(kind, "orders_terms_are_fixed", Row.of("orders").with(pending), "amount = 0.01"),
                row(kind, "order_history_seq_not_negative", "order_history", "seq=-1"),
                row(kind, "order_history_status_known", "order_history", "status='LOST'"),
                statement(kind, "order_history_insert_only", "UPDATE order_history SET detail = NULL"),
                statement(kind, "order_history_insert_only", "DELETE FROM order_history"),
                statement(kind, "order_history_insert_only", "TRUNCATE order_history"),
                twice(kind, "idempotency_key_order_uq", "idempotency_key", "key='k-2'"),
                new Refusal(
                        kind,
                        "idempotency_key_order_fk",
                        List.of(Row.of("idempotency_key").insert()),
                        "SET CONSTRAINTS ALL IMMEDIATE"),
                row(kind, "notification_priority_known", "notification", "priority='MEDIUM'"),
                twice(kind, "notification_message_uq", "notification", "id=gen_random_uuid()"));
    }

    private static Stream<Refusal> inventory() {
        ServiceDatabase kind = ServiceDatabase.INVENTORY;
        return Stream.of(
                row(kind, "product_available_not_negative", "product", "available=-1"),
                row(kind, "product_reserved_not_negative", "product", "reserved=-1"),
                statement(kind, "product_available_not_negative", "UPDATE product SET available = available - 11"),
                row(kind, "reservation_status_known", "reservation", "status='SOLD'"),
                row(kind, "reservation_released_iff_given_back", "reservation", "status='RELEASED'"),
                row(kind, "reservation_released_iff_given_back", "reservation", "released_at=now()"),
                row(kind, "reservation_quantity_positive", "reservation", "quantity=0"),
                row(
                        kind,
                        "reservation_times_in_order",
                        "reservation",
                        "status='RELEASED'",
                        "released_at=now() - interval '1s'"),
                twice(kind, "reservation_step_uq", "reservation", "id=gen_random_uuid()"),
                update(kind, "reservation_terms_are_fixed", "reservation", "quantity = 2"),
                update(
                        kind,
                        "reservation_released_is_final",
                        Row.of("reservation").with("status='RELEASED'", "released_at=now()"),
                        "status = 'RESERVED', released_at = NULL"));
    }

    private static Stream<Refusal> payments() {
        ServiceDatabase kind = ServiceDatabase.PAYMENTS;
        Row refunded = Row.of("payment").with("status='REFUNDED'");
        Row charged = Row.of("gateway_entry").with("refunded_amount=5");
        return Stream.of(
                row(kind, "payment_status_known", "payment", "status='LOST'", "gateway_reference=NULL"),
                row(kind, "payment_gateway_reference_iff_charged", "payment", "gateway_reference=NULL"),
                row(kind, "payment_gateway_reference_iff_charged", "payment", "status='PENDING'"),
                row(kind, "payment_reason_iff_declined", "payment", "status='DECLINED'", "gateway_reference=NULL"),
                row(kind, "payment_reason_iff_declined", "payment", "reason='no money'"),
                row(kind, "payment_amount_positive", "payment", "amount=0"),
                row(kind, "payment_currency_is_iso_code", "payment", "currency='euro'"),
                row(kind, "payment_times_in_order", "payment", "updated_at=now() - interval '1s'"),
                row(kind, "payment_version_not_negative", "payment", "version=-1"),
                twice(kind, "payment_idempotency_key_uq", "payment", "id=gen_random_uuid()", "step='other'"),
                twice(
                        kind,
                        "payment_step_charged_once_uq",
                        "payment",
                        "id=gen_random_uuid()",
                        "idempotency_key='s:process-payment:2'"),
                update(kind, "payment_moves_forward", "payment", "status = 'PENDING', gateway_reference = NULL"),
                update(kind, "payment_moves_forward", "payment", "status = 'REFUNDED'"),
                update(kind, "payment_moves_forward", refunded, "version = 1"),
                update(kind, "payment_terms_are_fixed", "payment", "amount = 1"),
                update(kind, "payment_terms_are_fixed", "payment", "gateway_reference = 'ch_2'"),
                row(kind, "gateway_entry_outcome_known", "gateway_entry", "outcome='LOST'", "reference=NULL"),
                row(kind, "gateway_entry_reference_iff_charged", "gateway_entry", "reference=NULL"),
                row(kind, "gateway_entry_reference_iff_charged", "gateway_entry", "outcome='DECLINED'"),
                row(kind, "gateway_entry_amount_positive", "gateway_entry", "amount=0"),
                row(kind, "gateway_entry_currency_is_iso_code", "gateway_entry", "currency='euro'"),
                row(kind, "gateway_entry_refund_within_charge", "gateway_entry", "refunded_amount=10"),
                row(kind, "gateway_entry_refund_within_charge", "gateway_entry", "refunded_amount=-1"),
                row(
                        kind,
                        "gateway_entry_refund_within_charge",
                        "gateway_entry",
                        "outcome='VOIDED'",
                        "reference=NULL",
                        "refunded_amount=1"),
                row(kind, "gateway_entry_times_in_order", "gateway_entry", "updated_at=now() - interval '1s'"),
                twice(kind, "gateway_entry_pk", "gateway_entry", "reference='ch_2'"),
                twice(kind, "gateway_entry_reference_uq", "gateway_entry", "idempotency_key='another'"),
                update(kind, "gateway_entry_refund_within_charge", "gateway_entry", "refunded_amount = 10"),
                update(kind, "gateway_entry_only_refunds_more", charged, "refunded_amount = 4"),
                update(kind, "gateway_entry_only_refunds_more", charged, "amount = 5"),
                update(kind, "gateway_entry_only_refunds_more", charged, "outcome = 'VOIDED'"));
    }

    private static Stream<Refusal> deliveries() {
        ServiceDatabase kind = ServiceDatabase.DELIVERIES;
        Row cancelled = Row.of("delivery").with("status='CANCELLED'");
        Row cancelledBooking = Row.of("carrier_entry").with("cancelled_at=now()");
        return Stream.of(
                row(kind, "delivery_status_known", "delivery", "status='LOST'", "carrier_reference=NULL"),
                row(kind, "delivery_carrier_reference_iff_booked", "delivery", "carrier_reference=NULL"),
                row(kind, "delivery_carrier_reference_iff_booked", "delivery", "status='PENDING'"),
                row(kind, "delivery_reason_iff_refused", "delivery", "status='REFUSED'", "carrier_reference=NULL"),
                row(kind, "delivery_reason_iff_refused", "delivery", "reason='no such street'"),
                row(kind, "delivery_times_in_order", "delivery", "updated_at=now() - interval '1s'"),
                row(kind, "delivery_version_not_negative", "delivery", "version=-1"),
                twice(kind, "delivery_idempotency_key_uq", "delivery", "id=gen_random_uuid()", "step='other'"),
                twice(
                        kind,
                        "delivery_step_booked_once_uq",
                        "delivery",
                        "id=gen_random_uuid()",
                        "idempotency_key='s:schedule-delivery:2'"),
                update(kind, "delivery_moves_forward", "delivery", "status = 'PENDING', carrier_reference = NULL"),
                update(kind, "delivery_moves_forward", cancelled, "status = 'SCHEDULED'"),
                update(kind, "delivery_terms_are_fixed", "delivery", "address = 'Lane 2'"),
                row(kind, "carrier_entry_outcome_known", "carrier_entry", "outcome='LOST'", "tracking_number=NULL"),
                row(kind, "carrier_entry_tracking_number_iff_booked", "carrier_entry", "tracking_number=NULL"),
                row(kind, "carrier_entry_tracking_number_iff_booked", "carrier_entry", "outcome='REFUSED'"),
                row(
                        kind,
                        "carrier_entry_only_bookings_are_cancelled",
                        "carrier_entry",
                        "outcome='VOIDED'",
                        "tracking_number=NULL",
                        "cancelled_at=now()"),
                row(kind, "carrier_entry_times_in_order", "carrier_entry", "cancelled_at=now() - interval '1s'"),
                twice(kind, "carrier_entry_tracking_number_uq", "carrier_entry", "idempotency_key='another'"),
                update(kind, "carrier_entry_only_cancels_once", cancelledBooking, "cancelled_at = NULL"),
                update(kind, "carrier_entry_only_cancels_once", "carrier_entry", "tracking_number = 'tr_2'"));
    }

    @ParameterizedTest
    @MethodSource
    void refusals(Refusal refusal) throws SQLException {
        Connection owner = withParents(refusal.kind());
        for (String given : refusal.given()) {
            TestDatabase.execute(owner, given);
        }
        assertThat(refusedBy(owner, refusal.statement())).isEqualTo(refusal.constraint());
    }

    @ParameterizedTest
    @EnumSource
    void everyConstraintAndTriggerHasBeenSeenToRefuse(ServiceDatabase kind) throws SQLException {
        try (Connection owner = TestDatabase.shared(kind).asOwner()) {
            List<String> names = new ArrayList<>(TestDatabase.query(owner, """
                    SELECT k.conname FROM pg_constraint k
                    WHERE k.contype IN ('c', 'f', 'u') AND k.connamespace = 'public'::regnamespace
                      AND k.conname NOT LIKE '%\\_size'
                    UNION
                    SELECT i.indexrelid::regclass::text FROM pg_index i
                    WHERE i.indisunique AND NOT i.indisprimary AND i.indrelid::regclass::text !~ '^pg_'
                    UNION
                    SELECT t.tgname FROM pg_trigger t WHERE NOT t.tgisinternal
                    """));
            assertThat(names).isNotEmpty();
            names.removeAll(refusals().map(Refusal::constraint).toList());
            assertThat(names).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySizeHasALimitThatBites(ServiceDatabase kind) throws SQLException {
        List<String> notRefused = new ArrayList<>();
        Connection owner = withParents(kind);
        List<String> limits = TestDatabase.query(owner, """
                SELECT concat_ws(' ', k.conname, k.conrelid::regclass, a.attname, a.atttypid::regtype)
                FROM pg_constraint k
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
                WHERE k.conname LIKE '%\\_size'
                """);
        for (String limit : limits) {
            String[] part = limit.split(" ", -1);
            String refusedBy =
                    refusedBy(owner, oversized(part[1], part[2], part[3]).insert());
            if (!part[0].equals(refusedBy)) {
                notRefused.add(part[0] + " was " + refusedBy);
            }
        }
        assertThat(notRefused).isEmpty();
    }

    /** A row that is valid but for the size of one cell. */
    private static Row oversized(String table, String column, String type) {
        String cell = switch (type) {
            case "json" -> "json_build_object('x', repeat('x', 100000))";
            case "jsonb" -> "jsonb_build_object('x', repeat('x', 5000000))";
            case "bytea" -> "convert_to(repeat('x', 1200000), 'UTF8')";
            default -> "repeat('x', 100000)";
        };
        Row row = Row.of(table);
        if (column.equals("reason") && table.equals("payment")) {
            row = row.with("status='DECLINED'", "gateway_reference=NULL");
        }
        if (column.equals("reason") && table.equals("delivery")) {
            row = row.with("status='REFUSED'", "carrier_reference=NULL");
        }
        return row.with(column + "=" + cell);
    }

    static Stream<Refusal> acceptable() {
        Row saga = Row.of("saga").with("status='RUNNING'", "failure_step=NULL", "failure_reason=NULL");
        ServiceDatabase payments = ServiceDatabase.PAYMENTS;
        String intent = Row.of("payment")
                .with("status='PENDING'", "gateway_reference=NULL")
                .insert();
        return Stream.of(
                new Refusal(
                        ServiceDatabase.ORCHESTRATOR,
                        "a saga runs, compensates and ends",
                        List.of(
                                saga.insert(),
                                "UPDATE saga SET status = 'COMPENSATING', failure_reason = 'declined', version = 2",
                                "UPDATE saga SET status = 'STUCK', next_action_at = NULL, version = 3"),
                        "UPDATE saga SET status = 'ABANDONED', ended_at = now(), version = 5"),
                new Refusal(
                        ServiceDatabase.ORCHESTRATOR,
                        "a message of 64 KiB fits, also when it is all small numbers, which are largest as jsonb",
                        List.of(Row.of("saga").with("input=" + largestInput()).insert()),
                        Row.of("saga_log").with("detail=" + largestInput()).insert()),
                new Refusal(
                        payments,
                        "a charge is refunded",
                        List.of(
                                intent,
                                "UPDATE payment SET status = 'COMPLETED', gateway_reference = 'ch_1'",
                                "UPDATE payment SET status = 'REFUND_PENDING'"),
                        "UPDATE payment SET status = 'REFUNDED'"),
                new Refusal(
                        payments,
                        "a charge of unknown outcome turns out never to have happened, and the step is charged anew",
                        List.of(
                                intent,
                                "UPDATE payment SET status = 'REFUND_PENDING'",
                                "UPDATE payment SET status = 'CANCELLED'"),
                        Row.of("payment")
                                .with("id=gen_random_uuid()", "idempotency_key='s:process-payment:2'")
                                .insert()),
                new Refusal(
                        ServiceDatabase.INVENTORY,
                        "a compensation bars its action",
                        List.of(),
                        Row.of("inbox")
                                .with("outcome='EMPTY'", "reply_type=NULL", "reason=NULL", "body=NULL")
                                .insert()),
                new Refusal(
                        ServiceDatabase.INVENTORY,
                        "an open command waits for its outcome",
                        List.of(Row.of("inbox")
                                .with("outcome=NULL", "reply_type=NULL", "reason=NULL", "body=NULL")
                                .insert()),
                        "UPDATE inbox SET outcome = 'SUCCEEDED', reply_type = 'inventory.reserved', body = '{}'"),
                new Refusal(
                        ServiceDatabase.ORDERS,
                        "an idempotency key is claimed before its order is there",
                        List.of(
                                Row.of("idempotency_key").insert(),
                                Row.of("orders").insert()),
                        "SET CONSTRAINTS ALL IMMEDIATE"));
    }

    private static String largestInput() {
        return "('{\"n\":[' || repeat('1,', 32000) || '1]}')::jsonb";
    }

    /** The constraints refuse only what they should. */
    @ParameterizedTest
    @MethodSource
    void acceptable(Refusal story) throws SQLException {
        Connection owner = withParents(story.kind());
        for (String given : story.given()) {
            TestDatabase.execute(owner, given);
        }
        assertThatCode(() -> TestDatabase.execute(owner, story.statement())).doesNotThrowAnyException();
    }

    /** A transaction, later rolled back, in which the rows are there that others refer to. */
    private Connection withParents(ServiceDatabase kind) throws SQLException {
        Connection connection = connections.get(kind);
        if (connection == null) {
            connection = TestDatabase.shared(kind).asOwner();
            connection.setAutoCommit(false);
            connections.put(kind, connection);
        }
        connection.rollback();
        for (Row parent : Objects.requireNonNull(PARENTS.get(kind))) {
            TestDatabase.execute(connection, parent.insert());
        }
        return connection;
    }

    @AfterAll
    void closeAll() throws SQLException {
        for (Connection connection : connections.values()) {
            connection.close();
        }
    }

    /** The name of the constraint or trigger that refused; the transaction stays usable. */
    private static String refusedBy(Connection connection, String statement) throws SQLException {
        TestDatabase.execute(connection, "SAVEPOINT attempt");
        PSQLException refusal =
                catchThrowableOfType(PSQLException.class, () -> TestDatabase.execute(connection, statement));
        TestDatabase.execute(connection, "ROLLBACK TO SAVEPOINT attempt");
        return refusal == null || refusal.getServerErrorMessage() == null
                ? "accepted"
                : String.valueOf(refusal.getServerErrorMessage().getConstraint());
    }

    private static Refusal row(ServiceDatabase kind, String constraint, String table, String... cells) {
        return new Refusal(
                kind, constraint, List.of(), Row.of(table).with(cells).insert());
    }

    private static Refusal statement(ServiceDatabase kind, String constraint, String statement) {
        return new Refusal(kind, constraint, List.of(), statement);
    }

    private static Refusal twice(ServiceDatabase kind, String constraint, String table, String... cells) {
        return new Refusal(
                kind,
                constraint,
                List.of(Row.of(table).insert()),
                Row.of(table).with(cells).insert());
    }

    private static Refusal update(ServiceDatabase kind, String constraint, String table, String set) {
        return update(kind, constraint, Row.of(table), set);
    }

    private static Refusal update(ServiceDatabase kind, String constraint, Row row, String set) {
        return new Refusal(kind, constraint, List.of(row.insert()), "UPDATE " + row.table() + " SET " + set);
    }
}
