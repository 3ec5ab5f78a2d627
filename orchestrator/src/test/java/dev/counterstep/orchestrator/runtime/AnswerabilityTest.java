package dev.counterstep.orchestrator.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.counterstep.orchestrator.runtime.Answerability.Heard;
import dev.counterstep.orchestrator.runtime.Answerability.Observation;

import static org.assertj.core.api.Assertions.assertThat;

class AnswerabilityTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final TopicPartition REPLIES = new TopicPartition("inventory.replies", 0);

    private final Answerability answerability = new Answerability(Duration.ofSeconds(2), Duration.ofSeconds(5));

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
        answerability.observed(new Observation(at(0), null, Map.of(REPLIES, 0L), Map.of()));
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

    private Optional<Instant> since() {
        return answerability.heard().map(Heard::since);
    }

    private Optional<Instant> until() {
        return answerability.heard().map(Heard::until);
    }

    private void observe(long second, @Nullable Instant oldestUnsentAt, long end, long read) {
        answerability.observed(
                new Observation(at(second), oldestUnsentAt, Map.of(REPLIES, end), Map.of(REPLIES, read)));
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }
}
