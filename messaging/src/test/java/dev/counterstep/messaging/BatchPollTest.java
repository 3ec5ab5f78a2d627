package dev.counterstep.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BatchPollTest {

    private static final TopicPartition KEPT = new TopicPartition("commands", 0);
    private static final TopicPartition TAKEN = new TopicPartition("commands", 1);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Handled handled = new Handled();
    private final BatchPoll polls = new BatchPoll(consumer::poll, consumer, handled);

    @BeforeEach
    void assign() {
        consumer.subscribe(List.of(KEPT.topic()));
        consumer.rebalance(List.of(KEPT, TAKEN));
        consumer.updateBeginningOffsets(Map.of(KEPT, 0L, TAKEN, 0L));
    }

    @Test
    void whatWaitsAtTheBrokerComesWithWhatWasFetched() {
        consumer.schedulePollTask(() -> records(KEPT, 0, 1, 2, 3));
        consumer.schedulePollTask(() -> records(KEPT, 4, 5));

        ConsumerRecords<byte[], byte[]> polled = polls.poll(TIMEOUT);

        assertThat(offsets(polled)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(polled.nextOffsets())
                .hasEntrySatisfying(KEPT, next -> assertThat(next.offset()).isEqualTo(6));
    }

    @Test
    void fewRecordsWaitForNothing() {
        consumer.schedulePollTask(() -> records(KEPT, 0, 1));
        consumer.schedulePollTask(() -> records(KEPT, 2));

        ConsumerRecords<byte[], byte[]> few = polls.poll(TIMEOUT);
        assertThat(offsets(few)).containsExactly(0L, 1L);
        handled.success(few, consumer);
        assertThat(offsets(polls.poll(TIMEOUT))).containsExactly(2L);
    }

    @Test
    void failureOfTheSecondAnswerKeepsNothingOfTheFirstFromTheListener() {
        consumer.schedulePollTask(() -> records(KEPT, 0, 1, 2, 3));
        consumer.schedulePollTask(() -> consumer.setPollException(new KafkaException("away")));

        ConsumerRecords<byte[], byte[]> first = polls.poll(TIMEOUT);
        assertThat(offsets(first)).containsExactly(0L, 1L, 2L, 3L);
        handled.success(first, consumer);
        assertThatThrownBy(() -> polls.poll(TIMEOUT)).hasMessage("away");

        consumer.schedulePollTask(() -> records(KEPT, 4));
        assertThat(offsets(polls.poll(TIMEOUT))).containsExactly(4L);
    }

    @Test
    void whatWasNotHandledIsReadAgainAndOnlyThat() {
        consumer.schedulePollTask(() -> records(KEPT, 0));
        handled.success(polls.poll(TIMEOUT), consumer);
        consumer.schedulePollTask(() -> {
            records(KEPT, 1, 2);
            records(TAKEN, 0);
        });
        polls.poll(TIMEOUT);

        consumer.rebalance(List.of(KEPT));
        polls.poll(TIMEOUT);

        assertThat(consumer.position(KEPT)).isEqualTo(1);
    }

    @Test
    void whatWasHandledIsNotReadAgain() {
        consumer.schedulePollTask(() -> records(KEPT, 0, 1));
        handled.success(polls.poll(TIMEOUT), consumer);

        polls.poll(TIMEOUT);

        assertThat(consumer.position(KEPT)).isEqualTo(2);
    }

    @Test
    void partitionThatIsTakenAwayMeanwhileIsLeftToItsNewConsumer() {
        consumer.schedulePollTask(() -> {
            records(KEPT, 0, 1);
            records(TAKEN, 0, 1);
        });
        consumer.schedulePollTask(() -> consumer.rebalance(List.of(KEPT)));

        ConsumerRecords<byte[], byte[]> polled = polls.poll(TIMEOUT);

        assertThat(polled.partitions()).containsExactly(KEPT);
        assertThat(polled.nextOffsets()).containsOnlyKeys(KEPT);
    }

    private void records(TopicPartition partition, int... offsets) {
        IntStream.of(offsets)
                .forEach(offset -> consumer.addRecord(new ConsumerRecord<>(
                        partition.topic(), partition.partition(), offset, new byte[0], new byte[0])));
    }

    private static List<Long> offsets(ConsumerRecords<byte[], byte[]> polled) {
        return StreamSupport.stream(polled.spliterator(), false)
                .map(ConsumerRecord::offset)
                .toList();
    }
}
