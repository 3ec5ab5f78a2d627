package dev.counterstep.messaging;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.counterstep.messaging.ParticipantClient.Message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every participant must do, seen from outside: over a real broker, with messages written by hand.
 *
 * <p>A service's {@code XParticipantIT} extends this, starts the service on {@link TestInfrastructure} before the first test,
 * and says how to reach it. Each test has a saga of its own.
 */
public abstract class ParticipantContract {

    /** Our own ParticipantClient. Made before and closed after each test. */
    private ParticipantClient client;

    private UUID sagaId;
    private Sample sample;

    /**
     * One action and its compensation, ready to be sent for one saga.
     *
     * @param actionType {@code ce_type} of an action that will succeed
     * @param actionBody its JSON object
     * @param compensationType {@code ce_type} of its compensation
     * @param compensationBody its JSON object
     */
    public record Sample(String actionType, String actionBody, String compensationType, String compensationBody) {}

    /** The participant's name, for example {@code inventory}. */
    protected abstract String participant();

    /** A sample for a new saga; prepares whatever it needs to succeed, with room for being applied twice by mistake. */
    protected abstract Sample sample(UUID sagaId);

    /**
     * How often the effect of the saga's sample is in place now: 0 before its action, 1 after it, 0 again after its
     * compensation. Must be able to see 2 and -1.
     */
    protected abstract int effects(UUID sagaId);

    @BeforeEach
    final void connect() {
        client = new ParticipantClient(participant());
        sagaId = UUID.randomUUID();
        sample = sample(sagaId);
    }

    @AfterEach
    final void disconnect() {
        client.close();
    }

    @Test
    void commandSentTwiceAppliesOnceAndIsAnsweredTwice() {
        client.send(action());
        client.send(action().attempt(2));

        List<Message> replies = client.awaitReplies(sagaId, 2);
        assertThat(replies).extracting(Message::outcome).containsExactly("SUCCEEDED", "SUCCEEDED");
        assertThat(replies).extracting(reply -> reply.header("saga-attempt")).containsExactly("1", "2");
        assertThat(replies.get(1).body()).isEqualTo(replies.get(0).body());
        assertThat(replies.get(1).header("ce_type")).isEqualTo(replies.get(0).header("ce_type"));
        assertThat(effects(sagaId)).isEqualTo(1);
    }

    @Test
    void compensationSentTwiceUndoesOnceAndIsAnsweredTwice() {
        assertThat(client.ask(action()).outcome()).isEqualTo("SUCCEEDED");
        assertThat(effects(sagaId)).isEqualTo(1);

        Message first = client.ask(compensation());
        Message second = client.ask(compensation().attempt(2));

        assertThat(first.outcome()).isEqualTo("SUCCEEDED");
        assertThat(second.outcome()).isEqualTo("SUCCEEDED");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(effects(sagaId)).isZero();
    }

    @Test
    void compensationBeforeItsActionSucceedsWithoutEffect() {
        assertThat(client.ask(compensation()).outcome()).isEqualTo("SUCCEEDED");
        assertThat(effects(sagaId)).isZero();
    }

    @Test
    void actionAfterItsCompensationIsRefusedWithoutEffect() {
        assertThat(client.ask(compensation()).outcome()).isEqualTo("SUCCEEDED");

        Message late = client.ask(action());

        assertThat(late.outcome()).isEqualTo("REJECTED");
        assertThat(late.reason()).startsWith("late action");
        assertThat(effects(sagaId)).isZero();
    }

    @Test
    void laterGenerationOfASucceededActionAnswersFromItsRow() {
        Message first = client.ask(action());

        Message second = client.ask(action().generation(2));

        assertThat(second.outcome()).isEqualTo("SUCCEEDED");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("saga-generation")).isEqualTo("2");
        assertThat(effects(sagaId)).isEqualTo(1);
    }

    @Test
    void expiredActionDoesNothing() {
        Message reply = client.ask(action().expiresAt(Instant.now().minusSeconds(1)));

        assertThat(reply.outcome()).isEqualTo("RETRYABLE");
        assertThat(reply.reason()).startsWith("EXPIRED");
        assertThat(effects(sagaId)).isZero();
        assertThat(client.ask(action().attempt(2)).outcome()).isEqualTo("SUCCEEDED");
    }

    @Test
    void compensationNeverExpires() {
        assertThat(client.ask(action()).outcome()).isEqualTo("SUCCEEDED");

        Message reply = client.ask(compensation().expiresAt(Instant.now().minusSeconds(1)));

        assertThat(reply.outcome()).isEqualTo("SUCCEEDED");
        assertThat(effects(sagaId)).isZero();
    }

    @Test
    void poisonGoesToTheDeadLetterTopicAndThePartitionGoesOn() {
        String key = sagaId.toString();
        client.send(key, Map.of("poison-of", key), new byte[] {(byte) 0xff, 0, 1});
        client.send(key, Map.of("poison-of", key), null);

        assertThat(client.ask(action()).outcome()).isEqualTo("SUCCEEDED");
        assertThat(client.awaitDeadLetters("poison-of", key, 2)).allSatisfy(letter -> {
            assertThat(letter.header("dlt-code")).isEqualTo("missing-header");
            assertThat(letter.header("dlt-original-topic")).isEqualTo(participant() + ".commands");
        });
    }

    @Test
    void bodyThatIsNoJsonObjectIsADeadLetterAndIsAnsweredRetryable() {
        client.send(sagaId.toString(), action().headers(), "[1, 2".getBytes(UTF_8));

        assertThat(client.awaitReplies(sagaId, 1)).extracting(Message::outcome).containsExactly("RETRYABLE");
        assertThat(client.awaitDeadLetters("saga-id", sagaId.toString(), 1)).hasSize(1);
        assertThat(client.ask(action()).outcome()).isEqualTo("SUCCEEDED");
    }

    @Test
    void unknownTypeIsADeadLetterAndIsAnsweredRetryable() {
        Message reply = client.ask(action().type(participant() + ".dance"));

        assertThat(reply.outcome()).isEqualTo("RETRYABLE");
        assertThat(client.awaitDeadLetters("saga-id", sagaId.toString(), 1))
                .extracting(letter -> letter.header("dlt-code"))
                .containsExactly("unknown-type");
        assertThat(effects(sagaId)).isZero();
    }

    @Test
    void messageWrittenByHandWithAnyKafkaClientDrivesTheParticipant() {
        Message reply = client.ask(action());

        assertThat(reply.headers())
                .containsAllEntriesOf(Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_subject",
                        sagaId.toString(),
                        "content-type",
                        "application/json",
                        "traceparent",
                        CommandMessage.TRACEPARENT,
                        "correlation-id",
                        CommandMessage.CORRELATION_ID,
                        "saga-id",
                        sagaId.toString(),
                        "saga-definition",
                        "sample:1",
                        "saga-step",
                        CommandMessage.STEP,
                        "saga-phase",
                        "ACTION",
                        "saga-outcome",
                        "SUCCEEDED"));
        assertThat(reply.headers().keySet()).containsAll(Set.of("ce_id", "ce_type", "ce_source", "ce_time"));
        assertThat(reply.body()).startsWith("{").endsWith("}");
        assertThat(effects(sagaId)).isEqualTo(1);
    }

    /** The client of the running test. */
    protected final ParticipantClient client() {
        return client;
    }

    /** The saga of the running test. */
    protected final UUID sagaId() {
        return sagaId;
    }

    /** The sample's action, attempt 1 of generation 1. */
    protected final CommandMessage action() {
        return CommandMessage.action(sagaId, sample.actionType(), sample.actionBody());
    }

    /** The sample's compensation, attempt 1 of generation 1. */
    protected final CommandMessage compensation() {
        return CommandMessage.compensation(sagaId, sample.compensationType(), sample.compensationBody());
    }
}
