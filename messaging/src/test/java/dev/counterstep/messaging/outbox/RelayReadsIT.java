package dev.counterstep.messaging.outbox;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.TestProperties;
import dev.counterstep.storage.RoundTrip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A relay's reads, with the test in the place of its thread. */
class RelayReadsIT {

    private static final Set<String> NONE_CLOSED = Set.of();

    private final OutboxFixture fixture = new OutboxFixture();
    private final OutboxStore store = new OutboxStore(fixture.dataSource, HeldTopics.NONE);
    private final RelayReads reads = new RelayReads(
            TestProperties.messaging(Map.of("relay.batch-rows", "1", "relay.interval", "1m"))
                    .relay(),
            store);

    @BeforeEach
    void readFromTheBeginningOnce() {
        reads.hold(1);
        assertThat(reads.next(NONE_CLOSED).rows()).isEmpty();
        reads.ask(true);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whatAnAppendReadIsSentWithoutAnotherRead() {
        OutboxRead read = appendAndRead("a");
        reads.take(read);

        RelayReads.Batch batch = reads.next(NONE_CLOSED);

        assertThat(bodies(batch)).containsExactly("a");
        assertThat(batch.fromBeginning()).isFalse();
        assertThat(reads.isDue())
                .as("a batch as full as this one may be followed by another")
                .isTrue();
    }

    @Test
    void whatWasReadInAnEarlierTenureIsNotSent() {
        OutboxRead read = appendAndRead("sent by another instance meanwhile");
        fixture.jdbc.update("DELETE FROM outbox");
        reads.leave();
        reads.hold(2);
        assertThat(reads.next(NONE_CLOSED).rows()).isEmpty();

        reads.take(read);

        assertThat(reads.next(NONE_CLOSED).rows()).isEmpty();
    }

    @Test
    void whoHasNotTheLeaseAsksForNothingAndSendsNothing() {
        reads.take(appendAndRead("for another instance"));

        reads.leave();

        assertThat(reads.request()).isNull();
        assertThat(reads.isDue()).isFalse();
    }

    @Test
    void appendsReadNothingMoreWhenWeAreTenBatchesBehind() {
        for (int i = 0; i < 5; i++) { // a row and a read each
            assertThat(reads.request()).isNotNull();
            reads.take(appendAndRead("n" + i));
        }
        assertThat(reads.request()).isNull();

        reads.next(NONE_CLOSED);

        assertThat(reads.request()).isNotNull();
    }

    @Test
    void topicThatIsOpenAgainIsReadFromTheBeginning() {
        Set<String> closed = Set.of(fixture.topic("t"));
        long passed = appendAndRead("a").places().get(0).id();
        fixture.append(fixture.silentOutbox(), fixture.topic("other"), "k", "seen");
        reads.want();
        RelayReads.Batch seen = reads.next(closed);
        assertThat(bodies(seen)).containsExactly("seen");
        store.acknowledge(seen.rows().stream().map(OutboxRow::id).toList());
        assertThat(reads.next(closed).goesOn()).isFalse();
        await().until(() -> {
            assertThat(reads.next(closed).rows()).isEmpty();
            reads.ask(true);
            ReadRequest request = reads.request();
            return request != null && request.from() > passed;
        });

        reads.take(appendAndRead("b"));
        RelayReads.Batch batch = reads.next(NONE_CLOSED);

        assertThat(bodies(batch)).containsExactly("a");
        assertThat(batch.goesOn()).isTrue();
    }

    /** By the relay's request, like an append of this process that has committed. */
    private OutboxRead appendAndRead(String body) {
        List<OutboundMessage> messages = List.of(OutboxFixture.message(fixture.topic("t"), "k", body));
        OutboxStore.Exchange exchange = fixture.transaction.execute(
                status -> store.append(messages, Objects.requireNonNull(reads.request()), new RoundTrip()));
        store.settle(exchange, true);
        return Objects.requireNonNull(exchange.read());
    }

    private static List<String> bodies(RelayReads.Batch batch) {
        return batch.rows().stream()
                .map(row -> row.message().headers().get("ce_id"))
                .toList();
    }
}
