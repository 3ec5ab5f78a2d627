package dev.counterstep.messaging.outbox;

import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AcknowledgedTest {

    private final Acknowledged acknowledged = new Acknowledged();

    @Test
    void readThatBeganBeforeARemovalMaySeeWhatWasRemoved() {
        acknowledged.add(List.of(1L, 2L, 3L, 4L));
        remove(1);
        long before = acknowledged.removals();
        remove(1);
        acknowledged.take(1);

        assertThat(acknowledged.seenSince(before)).containsExactlyInAnyOrder(2L, 3L, 4L);
        assertThat(acknowledged.seenSince(acknowledged.removals())).containsExactlyInAnyOrder(3L, 4L);
    }

    @Test
    void whatWasGivenBackIsStillThere() {
        acknowledged.add(List.of(1L));
        long before = acknowledged.removals();
        acknowledged.giveBack(acknowledged.take(1));

        assertThat(acknowledged.seenSince(before)).containsExactly(1L);
        assertThat(acknowledged.waiting()).isEqualTo(1);
    }

    @Test
    void ofAReadThatBeganLongAgoNobodyKnows() {
        long before = acknowledged.removals();
        for (int i = 0; i <= 2; i++) {
            acknowledged.add(
                    LongStream.range(0, Acknowledged.MOST_REMEMBERED).boxed().toList());
            remove(Acknowledged.MOST_REMEMBERED);
        }

        assertThat(acknowledged.seenSince(before)).isNull();
        assertThat(acknowledged.seenSince(acknowledged.removals())).isEmpty();
    }

    private void remove(int count) {
        acknowledged.removed(acknowledged.take(count));
    }
}
