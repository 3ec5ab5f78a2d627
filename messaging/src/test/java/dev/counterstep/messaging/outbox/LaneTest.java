package dev.counterstep.messaging.outbox;

import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.counterstep.messaging.OutboundMessage;

import static org.assertj.core.api.Assertions.assertThat;

class LaneTest {

    private final Lane lane = new Lane("t");

    @Test
    void acknowledgedRowBehindAFailedOneOfItsKeyIsSentAgain() {
        sent(1, "a");
        sent(2, "b").failure = new IllegalStateException("lost");
        sent(3, "b");
        sent(4, "a");

        assertThat(lane.removable()).containsExactly(1L, 4L);
        assertThat(lane.failures()).hasSize(1);
    }

    @Test
    void laneSettlesWithItsLastRow() {
        sent(1, "a");
        sent(2, "a");

        assertThat(lane.settledLast()).isFalse();
        assertThat(lane.settledLast()).isTrue();
    }

    private Lane.Sent sent(long id, String key) {
        return lane.add(new OutboxRow(id, Instant.EPOCH, new OutboundMessage("t", key, Map.of(), new byte[0])));
    }
}
