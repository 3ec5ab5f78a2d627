package dev.counterstep.orchestrator.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.counterstep.orchestrator.runtime.Answerability.Observation;

import static org.assertj.core.api.Assertions.assertThat;

class AnswerabilityTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = START.plusSeconds(1_000);
    private static final TopicPartition REPLIES = new TopicPartition("inventory.replies", 0);
    private static final TopicPartition OTHERS = new TopicPartition("payment.replies", 0);

    private final Answerability answerability =
            new Answerability(List.of("inventory", "payment"), Duration.ofSeconds(2), Duration.ofSeconds(5));

    @Test
    void nobodyIsHeardBeforeTheFirstObservation() {
        assertThat(since()).isEmpty();
    }

    @Test
    void participantsAreHeardSinceTheFirstGoodObservation() {
        observe(0, null, 7, 7);
        observe(1, null, 9, 9);
        assertThat(since()).contains(at(0));
    }

    @Test
    void messagesThatWaitTooLongBreakIt() {
        observe(0, null, 0, 0);
        observe(3, at(1), 0, 0);
        assertThat(since()).as("2 s are patience").contains(at(0));
        observe(4, at(1), 0, 0);
        assertThat(since()).isEmpty();
        observe(5, null, 0, 0);
        assertThat(since()).as("counted anew").contains(at(5));
    }

    @Test
    void repliesUnderWayAreNoBreakAsLongAsTheyAreRead() {
        observe(0, null, 100, 100);
        for (int second = 1; second < 20; second++) {
            observe(second, null, 100 + second * 50L, 100 + (second - 1) * 50L);
        }
        assertThat(since()).contains(at(0));
    }

    @Test
    void repliesThatNobodyReadsBreakIt() {
        observe(0, null, 100, 100);
        for (int second = 1; second <= 5; second++) {
            observe(second, null, 101, 100);
        }
        assertThat(since()).as("5 s are patience").contains(at(0));
        observe(6, null, 101, 100);
        assertThat(since()).isEmpty();
        observe(7, null, 101, 101);
        assertThat(since()).contains(at(7));
    }

    @Test
    void topicThatNobodyHasBegunToReadIsUnread() {
        answerability.observed(new Observation(at(0), Set.of(), Map.of(), Map.of(REPLIES, 0L), Map.of()));
        assertThat(since()).isEmpty();
    }

    @Test
    void brokerThatCannotBeAskedBreaksIt() {
        observe(0, null, 0, 0);
        answerability.unobservable();
        assertThat(since()).isEmpty();
        observe(1, null, 0, 0);
        assertThat(since()).contains(at(1));
    }

    @Test
    void processThatStoodStillHasHeardNobody() {
        observe(0, null, 0, 0);
        observe(60, null, 0, 0);
        assertThat(since()).contains(at(60));
    }

    @Test
    void nothingIsOverdueBeforeTheRepliesOfItsTimeHaveBeenRead() {
        observe(0, null, 100, 100);
        observe(1, null, 150, 100);
        observe(2, null, 200, 140);
        assertThat(until()).contains(at(0));
        observe(3, null, 200, 160);
        assertThat(until()).as("what was there at 1 s").contains(at(1));
        observe(4, null, 200, 200);
        assertThat(until()).contains(at(4));
    }

    @Test
    void commandsThatCannotBeSentToOneParticipantConcernNoOther() {
        observe(0, null, 0, 0);
        observe(1, at(-9), 0, 0);
        assertThat(since()).isEmpty();
        assertThat(since("payment")).contains(at(0));
        assertThat(answerability.readUntil()).contains(at(1));
    }

    @Test
    void pausedParticipantIsHeardAnewWhenItIsResumed() {
        observe(0, null, 0, 0);
        answerability.observed(new Observation(at(1), Set.of("inventory"), Map.of(), Map.of(), Map.of()));
        assertThat(since()).isEmpty();
        assertThat(since("payment")).contains(at(0));
        observe(2, null, 0, 0);
        assertThat(since()).contains(at(2));
    }

    @Test
    void repliesOfOneParticipantThatNobodyReadsHoldUpNoOther() {
        for (int second = 0; second <= 6; second++) {
            answerability.observed(new Observation(
                    at(second),
                    Set.of(),
                    Map.of(),
                    Map.of(REPLIES, 101L, OTHERS, 7L),
                    Map.of(REPLIES, 100L, OTHERS, 7L)));
        }
        assertThat(since()).isEmpty();
        assertThat(since("payment")).contains(at(0));
        assertThat(answerability.readUntil()).contains(at(6));
    }

    @Test
    void nothingIsOverdueBeforeTheSlowestOfThoseHeardIsRead() {
        Map<TopicPartition, Long> ends = Map.of(REPLIES, 9L, OTHERS, 9L);
        answerability.observed(new Observation(at(0), Set.of(), Map.of(), ends, ends));
        answerability.observed(new Observation(at(1), Set.of(), Map.of(), ends, Map.of(REPLIES, 8L, OTHERS, 9L)));
        assertThat(answerability.readUntil()).contains(at(0));
    }

    private Optional<Instant> since() {
        return since("inventory");
    }

    /** Empty when it cannot be heard. */
    private Optional<Instant> since(String participant) {
        Instant since = answerability.since(LATER).get(participant);
        return Optional.ofNullable(since).filter(time -> !time.equals(LATER));
    }

    private Optional<Instant> until() {
        return answerability.readUntil();
    }

    private void observe(long second, @Nullable Instant oldestUnsentAt, long end, long read) {
        answerability.observed(new Observation(
                at(second),
                Set.of(),
                oldestUnsentAt == null ? Map.of() : Map.of("inventory.commands", oldestUnsentAt),
                Map.of(REPLIES, end),
                Map.of(REPLIES, read)));
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }
}
