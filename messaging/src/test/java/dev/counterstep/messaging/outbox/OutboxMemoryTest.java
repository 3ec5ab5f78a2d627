package dev.counterstep.messaging.outbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.outbox.OutboxMemory.Place;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxMemoryTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final OutboxMemory memory = new OutboxMemory();

    @Test
    void rowsAreFoundInTheOrderAskedFor() {
        memory.keep(List.of(row(2, 1), row(1, 1), row(3, 1)));

        assertThat(memory.find(List.of(place(1), place(3)), NO_LIMIT))
                .extracting(OutboxRow::id)
                .containsExactly(1L, 3L);
    }

    @Test
    void whereOneRowIsMissingNoneIsFound() {
        memory.keep(List.of(row(1, 1), row(2, 1)));
        memory.forget(List.of(2L));

        assertThat(memory.find(List.of(place(1), place(2)), NO_LIMIT)).isNull();
    }

    @Test
    void idThatCameAgainInAnotherHistoryIsAnotherRow() {
        memory.keep(List.of(row(1, 1)));

        assertThat(memory.find(List.of(new Place(1, NOON.plusNanos(1_000))), NO_LIMIT))
                .isNull();
    }

    @Test
    void rowThatReachesTheLimitIsTheLast() {
        memory.keep(List.of(row(1, 60), row(2, 60), row(3, 60)));
        List<Place> places = List.of(place(1), place(2), place(3));

        assertThat(memory.find(places, 100)).hasSize(2);
        assertThat(memory.find(places, 1)).as("at least one").hasSize(1);
    }

    @Test
    void eldestRowsGoWhenThereAreTooMany() {
        int body = 1 << 20;
        long most = OutboxMemory.MOST_BYTES / body;
        memory.keep(LongStream.rangeClosed(1, most + 2)
                .mapToObj(id -> row(id, body))
                .toList());

        assertThat(memory.find(List.of(place(1)), NO_LIMIT)).isNull();
        assertThat(memory.find(List.of(place(most + 2)), NO_LIMIT)).hasSize(1);
    }

    private static OutboxRow row(long id, int bytes) {
        return new OutboxRow(id, NOON, new OutboundMessage("t", "k", Map.of(), new byte[bytes]));
    }

    private static Place place(long id) {
        return new Place(id, NOON);
    }
}
