package dev.counterstep.messaging.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.TcpProxy;
import dev.counterstep.messaging.TestInfrastructure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class OutboxRelayIT {

    private static final String INTERCEPTORS = ProducerConfig.INTERCEPTOR_CLASSES_CONFIG;

    private final OutboxFixture fixture = new OutboxFixture();
    private final String topic = fixture.topic("events");

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void committedAppendIsPublishedAsItWasAndRemoved() {
        OutboxRelay relay = fixture.relay().start();

        fixture.append(fixture.outbox(relay), topic, "k", "{}");

        awaitEmpty();
        assertThat(OutboxFixture.published(topic)).singleElement().satisfies(row -> {
            assertThat(row.key()).isEqualTo("k");
            assertThat(row.value()).isEqualTo("{}");
            assertThat(row.headers().lastHeader("ce_type").value()).isEqualTo("täst".getBytes(UTF_8));
        });
        assertThat(fixture.meters.get("saga.outbox.published").counter().count())
                .isEqualTo(1);
    }

    @Test
    void appendOutsideTransactionIsRefused() {
        Outbox outbox = fixture.silentOutbox();
        List<OutboundMessage> messages = List.of(OutboxFixture.message(topic, "k", "{}"));

        assertThatThrownBy(() -> outbox.append(messages)).isInstanceOf(IllegalStateException.class);
        assertThat(fixture.waiting()).isZero();
    }

    @Test
    void appendInTheTransactionOfAnotherDatabaseIsRefused() {
        Outbox outbox = fixture.silentOutbox();
        try (OutboxFixture other = new OutboxFixture()) {
            assertThatThrownBy(() -> other.append(outbox, topic, "k", "{}")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void emptyAppendNeedsNothing() {
        fixture.silentOutbox().append(List.of());
    }

    @Test
    void rolledBackAppendIsNeverSent() {
        OutboxRelay relay = fixture.relay().start();
        Outbox outbox = fixture.outbox(relay);
        fixture.transaction.executeWithoutResult(status -> {
            outbox.append(List.of(OutboxFixture.message(topic, "k", "never")));
            status.setRollbackOnly();
        });

        fixture.append(outbox, topic, "k", "afterwards");

        awaitEmpty();
        assertThat(OutboxFixture.bodies(topic)).containsExactly("afterwards");
    }

    @Test
    void appendThatNobodyAnnouncedIsFoundByTheSafetyPass() {
        OutboxRelay relay = fixture.relay().start();
        fixture.append(fixture.silentOutbox(), topic, "k", "quiet");

        relay.safetyPass();

        awaitEmpty();
        assertThat(OutboxFixture.bodies(topic)).containsExactly("quiet");
    }

    @Test
    void orderPerKeyIsKept() {
        OutboxRelay relay = fixture.relay().with("batch-rows", "70").start();
        Outbox outbox = fixture.outbox(relay);

        for (int i = 0; i < 1000; i += 4) {
            int first = i;
            fixture.append(
                    outbox,
                    topic,
                    "k" + i % 7,
                    IntStream.range(first, first + 4)
                            .mapToObj(Integer::toString)
                            .toArray(String[]::new));
        }

        awaitEmpty();
        assertThat(OutboxFixture.bodies(topic)).hasSize(1000);
        byKey(topic).values().forEach(numbers -> assertThat(numbers).isSorted());
    }

    @Test
    void batchStopsAtItsByteLimitAndGoesOn() {
        OutboxRelay relay = fixture.relay().with("batch-bytes", "2KB").start();
        String large = "x".repeat(10_000);

        fixture.append(fixture.outbox(relay), topic, "k", "1" + large, "2" + large, "3", "4" + large);

        awaitEmpty();
        assertThat(OutboxFixture.bodies(topic)).containsExactly("1" + large, "2" + large, "3", "4" + large);
    }

    @Test
    void heldTopicWaitsAndHoldsUpNoOther() {
        OutboxRelay relay = fixture.relay().with("batch-rows", "2").start();
        String held = fixture.topic("held");
        fixture.hold(held);

        fixture.append(fixture.outbox(relay), held, "k", "1", "2", "3", "4", "5");
        fixture.append(fixture.outbox(relay), topic, "k", "6", "7", "8");

        await().until(() -> fixture.waiting() == 5);
        assertThat(OutboxFixture.bodies(topic)).containsExactly("6", "7", "8");

        fixture.holdNothing();
        relay.wake();

        awaitEmpty();
        assertThat(OutboxFixture.bodies(held)).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void relayThatDiesAfterSendingSendsAgain() {
        try (TcpProxy wire = TestInfrastructure.newPostgresWire()) {
            OutboxRelay dying = fixture.relay()
                    .on(TestInfrastructure.throughWire(fixture.database, wire).dataSource())
                    .withKafka(INTERCEPTORS, AckHook.class.getName())
                    .withKafka(AckHook.ON_ACK, (Runnable) wire::cut)
                    .start();
            fixture.append(fixture.outbox(dying), topic, "k", "1", "2", "3");
            await().until(() -> topicHas(topic, "1", "2", "3"));
            dying.stop();
        }
        assertThat(fixture.waiting()).isEqualTo(3);

        fixture.relay().start();

        awaitEmpty();
        assertThat(OutboxFixture.bodies(topic)).containsExactly("1", "2", "3", "1", "2", "3");
    }

    @Test
    void twoRelaysAtOnceAreCorrectOnlyWasteful() {
        OutboxRelay one =
                fixture.relay().withoutLease().with("batch-rows", "50").start();
        OutboxRelay other =
                fixture.relay().withoutLease().with("batch-rows", "30").start();
        Outbox outbox = new Outbox(new OutboxStore(fixture.dataSource, HeldTopics.NONE), Relaying.waking(() -> {
            one.wake();
            other.wake();
        }));

        String[] bodies = IntStream.range(0, 1000).mapToObj(Integer::toString).toArray(String[]::new);
        for (int i = 0; i < bodies.length; i += 100) {
            fixture.append(outbox, topic, "k", Arrays.copyOfRange(bodies, i, i + 100));
        }

        awaitEmpty();
        List<String> published = OutboxFixture.bodies(topic);
        assertThat(published).contains(bodies);
        assertThat(published.stream().distinct()).containsExactly(bodies);
    }

    @Test
    void brokerDownRowsStayAndLeaveWhenItIsBack() {
        OutboxRelay relay = fixture.relay()
                .withKafka("bootstrap.servers", TestInfrastructure.cuttableBootstrapServers())
                .start();
        Outbox outbox = fixture.outbox(relay);
        fixture.append(outbox, topic, "k", "before");
        awaitEmpty();
        TestInfrastructure.kafkaWire().cut();
        try {
            fixture.append(outbox, topic, "k", "during 1", "during 2");
            fixture.append(outbox, fixture.topic("unseen"), "k", "during 3");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> fixture.meters.find("saga.outbox.failures").counter() != null);
            assertThat(fixture.waiting()).isEqualTo(3);
        } finally {
            TestInfrastructure.kafkaWire().restore();
        }
        fixture.append(outbox, topic, "k", "after");

        awaitEmpty();
        assertThat(OutboxFixture.bodies(topic).stream().distinct())
                .containsExactly("before", "during 1", "during 2", "after");
        assertThat(OutboxFixture.bodies(fixture.topic("unseen"))).containsOnly("during 3");
    }

    @Test
    void appendDoesNotWaitForABrokerThatHasGoneAway() {
        OutboxRelay relay = fixture.relay()
                .with("interval", "1m")
                .with("lease", "10m") // fresh for long: the append sends by itself
                .withKafka("bootstrap.servers", TestInfrastructure.cuttableBootstrapServers())
                .withKafka("metadata.recovery.strategy", "none") // as the starter has it
                .withKafka("max.block.ms", 60_000)
                .start();
        Outbox outbox = fixture.outbox(relay);
        fixture.append(outbox, topic, "k", "before");
        await().until(() -> fixture.waiting() == 0 && relay.relaying().request().get() != null);
        TcpProxy wire = TestInfrastructure.kafkaWire();
        int refusedBefore = wire.refused();
        wire.cut();
        try {
            await().until(() -> wire.refused() > refusedBefore + 1); // the producer knows
            var append = CompletableFuture.runAsync(() -> fixture.append(outbox, topic, "k", "during"));
            await().atMost(Duration.ofSeconds(20)).until(append::isDone);
        } finally {
            wire.restore();
        }
        fixture.append(outbox, topic, "k", "after");

        awaitEmpty();
        assertThat(OutboxFixture.bodies(topic).stream().distinct()).containsExactly("before", "during", "after");
    }

    @Test
    void databaseDownRelayGoesOnWhenItIsBack() {
        try (TcpProxy wire = TestInfrastructure.newPostgresWire()) {
            fixture.relay()
                    .on(TestInfrastructure.throughWire(fixture.database, wire).dataSource())
                    .start();
            fixture.append(fixture.silentOutbox(), topic, "k", "before");
            awaitEmpty();
            wire.cut();
            fixture.append(fixture.silentOutbox(), topic, "k", "during");
            await().during(Duration.ofMillis(500)).until(() -> fixture.waiting() == 1);
            wire.restore();

            awaitEmpty();
            assertThat(OutboxFixture.bodies(topic).stream().distinct()).containsExactly("before", "during");
        }
    }

    @Test
    void topicThatTakesNothingHoldsUpNoOther() {
        OutboxRelay relay = fixture.relay().with("batch-rows", "10").start();
        Outbox outbox = fixture.outbox(relay);
        String[] stuck = IntStream.range(0, 50).mapToObj(Integer::toString).toArray(String[]::new);
        fixture.append(outbox, "no topic has this name", "k", stuck);
        fixture.append(outbox, topic, "k", "through");

        await().until(() -> fixture.waiting() == stuck.length);
        assertThat(OutboxFixture.bodies(topic)).containsExactly("through");
    }

    @Test
    void topicThatAcknowledgesNothingHoldsUpNoOther() {
        LateTopic late = new LateTopic(fixture.topic("late"));
        OutboxRelay relay = fixture.relay()
                .withoutLease()
                .with("patience", "4s")
                .with("lease", "8s")
                .with("interval", "1m")
                .through(late)
                .start();
        Outbox outbox = fixture.outbox(relay);
        fixture.append(outbox, fixture.topic("late"), "k", "sent");
        await().until(late::isWaiting);
        fixture.append(outbox, fixture.topic("late"), "k", "after it");

        await("ten, one after the other, that do not each wait for the patience")
                .atMost(Duration.ofSeconds(36))
                .until(() -> {
                    for (int i = 0; i < 10; i++) {
                        fixture.append(outbox, topic, "k", "more");
                        await().atMost(Duration.ofSeconds(36)).until(() -> fixture.waiting() == 2);
                    }
                    return true;
                });
        fixture.append(outbox, topic, "k", "last");
        await().pollInterval(Duration.ofMillis(5)).until(() -> published() == 11);
        late.letGo(); // while the relay waits for an append to take the removal along

        awaitEmpty();
        assertThat(OutboxFixture.bodies(fixture.topic("late"))).containsExactly("sent", "after it");
    }

    @Test
    void rowThatIsTooBigHoldsUpNoOtherKey() {
        OutboxRelay relay = fixture.relay().withKafka("max.request.size", 2000).start();
        fixture.append(fixture.outbox(relay), topic, "big", "x".repeat(5000));
        fixture.append(fixture.outbox(relay), topic, "small", "1", "2");

        await().until(() -> fixture.waiting() == 1);
        assertThat(OutboxFixture.bodies(topic)).containsExactly("1", "2");
        await().until(() -> fixture.meters.get("saga.outbox.backlog").gauge().value() == 1);
    }

    @Test
    void noTransactionIsOpenWhileSending() {
        Queue<Long> open = new ConcurrentLinkedQueue<>();
        JdbcTemplate owner = new JdbcTemplate(fixture.database.ownerDataSource());
        OutboxRelay relay = fixture.relay()
                .withKafka(INTERCEPTORS, AckHook.class.getName())
                .withKafka(AckHook.ON_SEND, (Runnable) () -> open.add(owner.queryForObject(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND xact_start IS NOT NULL AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
                        Long.class)))
                .start();

        fixture.append(fixture.outbox(relay), topic, "k", "1", "2", "3");

        awaitEmpty();
        assertThat(open).hasSize(3).containsOnly(0L);
    }

    @Test
    void appendOfAnotherInstanceIsHeardWithoutASafetyPass() {
        fixture.relay().named("one").with("interval", "1m").start();
        await().until(() -> fixture.leaseHolder().equals("one"));
        OutboxRelay other =
                fixture.relay().named("other").with("interval", "1m").start();

        fixture.append(fixture.outbox(other), topic, "k", "heard");

        awaitEmpty();
        assertThat(OutboxFixture.bodies(topic)).containsExactly("heard");
        assertThat(fixture.leaseHolder()).isEqualTo("one");
    }

    @Test
    void idleHolderKeepsTheLeaseAndGivesItAwayAtStop() {
        OutboxRelay one = fixture.relay().named("one").start();
        await().until(() -> fixture.leaseHolder().equals("one"));
        fixture.relay().named("other").start();

        await().during(Duration.ofSeconds(3)).until(() -> fixture.leaseHolder().equals("one"));
        one.stop();

        await().atMost(Duration.ofSeconds(1)).until(() -> fixture.leaseHolder().equals("other"));
    }

    @Test
    void deadHoldersLeaseRunsOut() {
        fixture.jdbc.update("INSERT INTO shedlock (name, lock_until, locked_at, locked_by)"
                + " VALUES ('outbox-relay', timezone('utc', now()) + interval '1 second', now(), 'the dead')");
        fixture.append(fixture.silentOutbox(), topic, "k", "waiting");

        fixture.relay().start();

        awaitEmpty();
        assertThat(OutboxFixture.bodies(topic)).containsExactly("waiting");
    }

    @Test
    void stoppedRelayCanBeStartedAgain() {
        OutboxRelay relay = fixture.relay().start();
        relay.stop();
        assertThat(relay.isRunning()).isFalse();
        relay.start();

        fixture.append(fixture.outbox(relay), topic, "k", "again");

        awaitEmpty();
    }

    @Test
    void longTransactionThatHoldsBackVacuumDoesNotMakeEachReadLonger() throws Exception {
        OutboxRelay relay = fixture.relay()
                .withoutLease()
                .with("batch-rows", "500")
                .with("interval", "1m") // between two reads from the beginning
                .start();
        Outbox outbox = fixture.outbox(relay);
        try (Connection reader = fixture.dataSource.getConnection()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            assertThat(waiting(reader)).isZero();
            List<String> bodies = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                appendNext(outbox, bodies, 500);
            }
            fixture.analyze(); // as autovacuum does in time: the table is empty, says the planner
            await().atMost(Duration.ofMinutes(1)) // the floor trails
                    .untilAsserted(() -> assertThat(indexEntriesReadFor(outbox, bodies, 20))
                            .as("index entries of twenty reads and deletions, dead ones and one read from the beginning"
                                    + " included")
                            .isLessThan(2 * 5000));
            assertThat(indexEntriesReadFromTheBeginning())
                    .as("the dead are still there: a read from the beginning walks over all of them")
                    .isGreaterThan(5000);
            assertThat(fixture.waiting()).isZero();
            assertThat(OutboxFixture.bodies(topic)).as("each once, in order").isEqualTo(bodies);
            assertThat(waiting(reader)).as("all that its snapshot sees").isZero();
        }
    }

    private long indexEntriesReadFor(Outbox outbox, List<String> bodies, int appends) {
        long before = indexEntriesRead();
        for (int i = 0; i < appends; i++) {
            appendNext(outbox, bodies, 1);
        }
        return indexEntriesRead() - before;
    }

    /** Appends that many messages at once and waits until they are gone. */
    private void appendNext(Outbox outbox, List<String> bodies, int messages) {
        List<String> next = IntStream.range(bodies.size(), bodies.size() + messages)
                .mapToObj(Integer::toString)
                .toList();
        bodies.addAll(next);
        fixture.append(outbox, topic, "k", next.toArray(String[]::new));
        await().atMost(Duration.ofSeconds(20)).until(this::isNothingVisible);
    }

    /** Takes the snapshot that keeps vacuum from all that is deleted from now on. */
    private static long waiting(Connection reader) throws Exception {
        try (var statement = reader.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM outbox")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** By a sample that is the whole table, for which PostgreSQL never reads the index, whatever its statistics say. */
    private boolean isNothingVisible() {
        return fixture.jdbc
                .queryForList("SELECT 1 FROM outbox TABLESAMPLE SYSTEM (100) LIMIT 1")
                .isEmpty();
    }

    /** What one read from the beginning walks over, counted by the transaction that reads. */
    private long indexEntriesReadFromTheBeginning() {
        return fixture.transaction.execute(status -> {
            fixture.jdbc.execute("SET LOCAL enable_seqscan = off");
            fixture.jdbc.queryForList("SELECT id FROM outbox WHERE id >= 0 ORDER BY id LIMIT 1");
            return Objects.requireNonNull(fixture.jdbc.queryForObject(
                    "SELECT pg_stat_get_xact_tuples_returned('outbox_pk'::regclass)", Long.class));
        });
    }

    /**
     * Of the outbox' primary key. Each of the fixture's connections is counted soon after it is closed, that is after each statement or
     * transaction; what comes late is counted in the next look.
     */
    private long indexEntriesRead() {
        Long read = fixture.jdbc.queryForObject(
                "SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'outbox_pk'", Long.class);
        return read == null ? -1 : read;
    }

    @Test
    void transactionThatCommitsLateIsNotPassedOver() throws Exception {
        OutboxRelay relay = fixture.relay().start();
        Outbox outbox = fixture.outbox(relay);
        try (Connection late = fixture.dataSource.getConnection()) {
            late.setAutoCommit(false);
            insert(late, "late");
            for (int i = 0; i < 6; i++) { // three seconds: longer than the floor trails
                fixture.append(outbox, topic, "k", "early " + i);
                await().pollDelay(Duration.ofMillis(500)).until(() -> fixture.waiting() == 0);
            }
            late.commit();
        }

        awaitEmpty();
        assertThat(OutboxFixture.bodies(topic)).hasSize(7).contains("late");
    }

    private double published() {
        return fixture.meters.get("saga.outbox.published").counter().count();
    }

    private void insert(Connection connection, String body) throws Exception {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO outbox (topic, message_key, headers, body) VALUES (?, 'late', '{}', ?)")) {
            insert.setString(1, topic);
            insert.setBytes(2, body.getBytes(UTF_8));
            insert.executeUpdate();
        }
    }

    private void awaitEmpty() {
        await().atMost(Duration.ofSeconds(20)).until(() -> fixture.waiting() == 0);
    }

    private static boolean topicHas(String topic, String... bodies) {
        return OutboxFixture.bodies(topic).containsAll(List.of(bodies));
    }

    private static Map<String, List<Integer>> byKey(String topic) {
        Map<String, List<Integer>> byKey = new HashMap<>();
        for (ConsumerRecord<String, String> row : OutboxFixture.published(topic)) {
            byKey.computeIfAbsent(row.key(), key -> new ArrayList<>()).add(Integer.valueOf(row.value()));
        }
        return byKey;
    }
}
