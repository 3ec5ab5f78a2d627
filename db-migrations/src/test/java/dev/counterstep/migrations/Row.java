package dev.counterstep.migrations;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A row to be inserted: a table, and an SQL expression for each column. Immutable. */
record Row(String table, Map<String, String> columns) {

    private static final String SAGA = "'01999999-0000-7000-8000-000000000001'";
    private static final String ORDER = "'01999999-0000-7000-8000-000000000002'";
    private static final String ID = "'01999999-0000-7000-8000-000000000003'";

    /** Of each table one row that is accepted, with as many columns set as go together. */
    private static final Map<String, Row> VALID = Map.ofEntries(
            valid("outbox", "topic='order.events'", "message_key='o-1'", "headers='{}'", "body='{}'"),
            valid("shedlock", "name='outbox-relay'", "lock_until=now()", "locked_at=now()", "locked_by='host'"),
            valid(
                    "inbox",
                    "saga_id=" + SAGA,
                    "step='reserve-inventory'",
                    "phase='ACTION'",
                    "generation=1",
                    "outcome='REJECTED'",
                    "reply_type='inventory.failed'",
                    "reason='insufficient stock'",
                    "body='{}'"),
            valid(
                    "saga_definition",
                    "name='order-fulfilment'",
                    "version=1",
                    "checksum=repeat('0f', 32)",
                    "source='saga: x'"),
            valid(
                    "saga",
                    "id=" + SAGA,
                    "definition='order-fulfilment'",
                    "definition_version=1",
                    "business_key='o-1'",
                    "status='COMPENSATING'",
                    "current_step='process-payment'",
                    "version=1",
                    "started_at=now()",
                    "updated_at=now()",
                    "ended_at=NULL",
                    "next_action_at=now()",
                    "failure_step='process-payment'",
                    "failure_reason='declined'",
                    "input='{}'",
                    "replies='{}'",
                    "steps='{}'",
                    "correlation_id='c-1'",
                    "traceparent='00-1'"),
            valid(
                    "saga_log",
                    "saga_id=" + SAGA,
                    "at=now()",
                    "kind='COMMAND_SENT'",
                    "step='process-payment'",
                    "phase='ACTION'",
                    "generation=1",
                    "attempt=1",
                    "message_id='m-1'",
                    "actor='orchestrator'",
                    "detail='{}'"),
            valid(
                    "dead_letter",
                    "id=" + ID,
                    "topic='order.events.dlt'",
                    "message_key='o-1'",
                    "headers='{}'",
                    "body='{}'",
                    "code='undecodable'",
                    "reason='not JSON'",
                    "original_topic='order.events'",
                    "original_partition=0",
                    "original_offset=0"),
            valid(
                    "held_message",
                    "topic='payment.replies'",
                    "topic_partition=0",
                    "topic_offset=0",
                    "definition='order-fulfilment'",
                    "definition_version=1",
                    "message_key='o-1'",
                    "headers='{}'",
                    "body='{}'"),
            valid(
                    "participant_pause",
                    "participant='payment'",
                    "paused_at=now()",
                    "paused_by='operator:ann'",
                    "pause_reason='gateway is being replaced'",
                    "resumed_at=now()",
                    "resumed_by='operator:ben'",
                    "resume_reason='gateway is replaced'"),
            valid("customer", "id='user_1'", "name='One'"),
            valid(
                    "orders",
                    "id=" + ORDER,
                    "customer_id='user_1'",
                    "product_id='product_1'",
                    "quantity=1",
                    "amount=9.99",
                    "currency='EUR'",
                    "flow='order-fulfilment'",
                    "payment_method='card'",
                    "address='Lane 1'",
                    "status='CANCELLED'",
                    "reason='declined'",
                    "correlation_id='c-1'",
                    "traceparent='00-1'",
                    "created_at=now()",
                    "updated_at=now()",
                    "ended_at=now()",
                    "version=0"),
            valid("order_history", "order_id=" + ORDER, "seq=0", "at=now()", "status='PENDING'", "detail='placed'"),
            valid("idempotency_key", "key='k-1'", "request_hash='h'", "order_id=" + ORDER),
            valid(
                    "notification",
                    "id=" + ID,
                    "order_id=" + ORDER,
                    "customer_id='user_1'",
                    "priority='HIGH'",
                    "text='Your order is on its way.'",
                    "message_id='m-1'",
                    "created_at=now()"),
            valid("product", "id='product_1'", "available=10", "reserved=0"),
            valid(
                    "reservation",
                    "id=" + ID,
                    "order_id='o-1'",
                    "saga_id=" + SAGA,
                    "step='reserve-inventory'",
                    "product_id='product_1'",
                    "quantity=1",
                    "status='RESERVED'",
                    "created_at=now()",
                    "released_at=NULL"),
            valid(
                    "payment",
                    "id=" + ID,
                    "order_id='o-1'",
                    "saga_id=" + SAGA,
                    "step='process-payment'",
                    "idempotency_key='s:process-payment:1'",
                    "amount=9.99",
                    "currency='EUR'",
                    "payment_method='card'",
                    "status='COMPLETED'",
                    "gateway_reference='ch_1'",
                    "reason=NULL",
                    "created_at=now()",
                    "updated_at=now()",
                    "version=0"),
            valid(
                    "gateway_entry",
                    "idempotency_key='s:process-payment:1'",
                    "outcome='CHARGED'",
                    "amount=9.99",
                    "currency='EUR'",
                    "refunded_amount=0",
                    "reference='ch_1'",
                    "created_at=now()",
                    "updated_at=now()"),
            valid(
                    "delivery",
                    "id=" + ID,
                    "order_id='o-1'",
                    "saga_id=" + SAGA,
                    "step='schedule-delivery'",
                    "idempotency_key='s:schedule-delivery:1'",
                    "address='Lane 1'",
                    "status='SCHEDULED'",
                    "carrier_reference='tr_1'",
                    "reason=NULL",
                    "created_at=now()",
                    "updated_at=now()",
                    "version=0"),
            valid(
                    "carrier_entry",
                    "idempotency_key='s:schedule-delivery:1'",
                    "outcome='BOOKED'",
                    "tracking_number='tr_1'",
                    "created_at=now()",
                    "cancelled_at=NULL"));

    private static Map.Entry<String, Row> valid(String table, String... cells) {
        return Map.entry(table, new Row(table, Map.of()).with(cells));
    }

    static Row of(String table) {
        return Objects.requireNonNull(VALID.get(table), table);
    }

    /** The same row with other cells, each given as {@code column=expression}. */
    Row with(String... cells) {
        Map<String, String> changed = new LinkedHashMap<>(columns);
        for (String cell : cells) {
            int equals = cell.indexOf('=');
            changed.put(cell.substring(0, equals), cell.substring(equals + 1));
        }
        return new Row(table, changed);
    }

    String insert() {
        return "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(table, String.join(", ", columns.keySet()), String.join(", ", columns.values()));
    }
}
