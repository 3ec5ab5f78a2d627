package dev.counterstep.messaging.outbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A relay that sends what appends have read along, and hardly ever looks by itself. */
class ReadAlongIT {

    private static final int WRITERS = 4;
    private static final int KEYS = 3;
    private static final int MESSAGES = 50;

    private final OutboxFixture fixture = new OutboxFixture();
    private final JdbcTemplate outside = new JdbcTemplate(fixture.database.ownerDataSource());
    private final String topic = fixture.topic("along");
    private final OutboxRelay relay =
            fixture.relay().with("interval", "1m").with("lease", "10m").start();
    private final Outbox outbox = fixture.outbox(relay);
    private final Outbox elsewhere = fixture.silentOutbox();

    @BeforeEach
    void relayKnowsItsTopicAndHasNothingToDo() {
        append(outbox, "first");
        await().until(() -> fixture.waiting() == 0 && relay.relaying().request().get() != null);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whatAnotherProcessAppendedBeforeGoesFirst() {
        append(elsewhere, "before");
        append(outbox, "after");

        assertPublished("first", "before", "after");
    }

    @Test
    void severalAppendsOfOneTransactionAreSentTogether() {
        fixture.transaction.executeWithoutResult(status -> {
            append(outbox, "one");
            append(outbox, "two", "three");
        });

        assertPublished("first", "one", "two", "three");
    }

    @Test
    void whatASavepointTookBackIsNeverSent() {
        fixture.transaction.executeWithoutResult(outer -> {
            append(outbox, "one");
            nested().executeWithoutResult(inner -> {
                append(outbox, "never");
                inner.setRollbackOnly();
            });
        });
        fixture.transaction.executeWithoutResult(outer -> {
            nested().executeWithoutResult(inner -> append(outbox, "two"));
            append(outbox, "three");
        });
        fixture.transaction.executeWithoutResult(outer -> nested().executeWithoutResult(inner -> {
            nested().executeWithoutResult(innermost -> append(outbox, "never"));
            append(outbox, "never");
            inner.setRollbackOnly();
        }));
        append(outbox, "four");

        assertPublished("first", "one", "two", "three", "four");
    }

    @Test
    void transactionThatSeesAnOldStateOfTheTableHoldsNothingBack() {
        TransactionTemplate repeatable =
                new TransactionTemplate(requireNonNull(fixture.transaction.getTransactionManager()));
        repeatable.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        repeatable.executeWithoutResult(status -> {
            assertThat(fixture.waiting()).isZero();
            outside(() -> append(elsewhere, "before"));
            append(outbox, "after");
        });

        assertPublished("first", "before", "after");
    }

    @Test
    void whatWasSentBetweenAppendAndCommitIsNotSentAgain() {
        append(elsewhere, "before");
        fixture.transaction.executeWithoutResult(status -> {
            append(outbox, "after");
            relay.safetyPass();
            await().until(() -> requireNonNull(outside.queryForObject("SELECT count(*) FROM outbox", Long.class)) == 0);
        });

        assertPublished("first", "before", "after");
    }

    @Test
    void heldTopicThatIsReleasedGoesOnInOrder() {
        fixture.hold(topic);
        append(outbox, "held 1");
        append(outbox, "held 2");
        fixture.holdNothing();
        append(outbox, "released");

        assertPublished("first", "held 1", "held 2", "released");
    }

    @Test
    void appendsThatRaceKeepTheOrderOfEachKey() {
        Outbox[] outboxes = {outbox, elsewhere};
        AtomicIntegerArray next = new AtomicIntegerArray(KEYS);
        List<CompletableFuture<Void>> writers = IntStream.range(0, WRITERS)
                .mapToObj(writer -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < MESSAGES; i++) {
                        appendNext(outboxes[i % 5 == 0 ? 1 : 0], next, (writer + i) % KEYS, i % 7 == 0);
                    }
                }))
                .toList();
        writers.forEach(CompletableFuture::join);
        relay.safetyPass();

        await().until(() -> fixture.waiting() == 0);
        Map<String, List<Integer>> numbers = new LinkedHashMap<>();
        for (ConsumerRecord<String, String> message : OutboxFixture.published(topic)) {
            if (!message.value().equals("first")) {
                numbers.computeIfAbsent(message.key(), key -> new ArrayList<>()).add(Integer.valueOf(message.value()));
            }
        }
        assertThat(numbers).hasSize(KEYS);
        numbers.forEach((key, sent) -> assertThat(sent)
                .as(key)
                .containsExactlyElementsOf(IntStream.range(0, next.get(Integer.parseInt(key)))
                        .boxed()
                        .toList()));
    }

    /** What the key names is locked, as whoever wants order has to. */
    private void appendNext(Outbox writer, AtomicIntegerArray next, int key, boolean rolledBack) {
        fixture.transaction.executeWithoutResult(status -> {
            fixture.jdbc.query("SELECT pg_advisory_xact_lock(?)", row -> {}, key);
            writer.append(List.of(OutboxFixture.message(topic, String.valueOf(key), String.valueOf(next.get(key)))));
            if (rolledBack) {
                status.setRollbackOnly();
            } else {
                next.incrementAndGet(key);
            }
        });
    }

    private void append(Outbox writer, String... bodies) {
        fixture.append(writer, topic, "k", bodies);
    }

    private TransactionTemplate nested() {
        TransactionTemplate nested =
                new TransactionTemplate(requireNonNull(fixture.transaction.getTransactionManager()));
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        return nested;
    }

    private static void outside(Runnable work) {
        CompletableFuture.runAsync(work).join();
    }

    private void assertPublished(String... bodies) {
        await().until(() -> fixture.waiting() == 0);
        assertThat(OutboxFixture.bodies(topic)).containsExactly(bodies);
    }
}
