package dev.counterstep.storage;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadFloorTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ReadFloor floor = new ReadFloor(INTERVAL, 0);

    @Test
    void firstReadIsFromTheBeginning() {
        assertThat(floor.next(0)).isZero();
    }

    @Test
    void floorTrailsWhatWasRead() {
        read(0, 100, 0);
        assertThat(floor.next(millis(500))).isZero();

        read(1, 200, 4_000);
        read(0, 0, 4_900);
        assertThat(floor.next(millis(4_999))).isEqualTo(100);
        read(100, 0, 5_000);
        assertThat(floor.next(millis(5_000))).isEqualTo(200);
    }

    @Test
    void floorRisesOnlyWhenAReadHasBegunThatLongAfterwards() {
        floor.read(0, 100, false, 0, millis(500));
        assertThat(floor.next(millis(5_000))).isZero();

        read(1, 100, 5_000);
        assertThat(floor.next(millis(5_000))).isEqualTo(100);
    }

    @Test
    void readFromTheBeginningReturnsAfterTheInterval() {
        read(0, 100, 0);
        read(0, 0, 6_000);

        assertThat(floor.next(millis(6_999))).isEqualTo(100);
        assertThat(floor.next(millis(7_000))).isZero();
    }

    @Test
    void slowReadsFromTheBeginningTakeAFixedShareOfTheTime() {
        read(0, 100, 0);
        floor.read(0, 0, false, millis(10_000), millis(10_500));

        assertThat(floor.next(millis(20_499))).isEqualTo(100);
        assertThat(floor.next(millis(20_500))).isZero();
    }

    @Test
    void whatWasLeftOutIsReadFromTheBeginningOnceAndTheFloorStays() {
        read(0, 100, 0);
        read(0, 0, 6_000);
        floor.goBack();

        assertThat(floor.next(millis(6_100))).isZero();
        read(0, 7, 6_100);
        assertThat(floor.next(millis(6_200))).isEqualTo(100);
    }

    @Test
    void readsFromTheBeginningGoOnUntilOneComesUpToTheFloor() {
        read(0, 100, 0);
        read(0, 0, 6_000);
        assertThat(floor.next(millis(6_050))).isEqualTo(100);
        floor.goBack();

        readUpToItsLimit(0, 50, 6_100);
        assertThat(floor.next(millis(6_200))).isZero();
        readUpToItsLimit(0, 120, 6_200);
        assertThat(floor.next(millis(6_300))).isEqualTo(100);
    }

    @Test
    void readsFromTheBeginningGoOnUntilOneComesUpToWhereTheFloorIsGoing() {
        read(0, 100, 0);
        read(1, 200, 900);
        assertThat(floor.next(millis(1_000))).isZero();
        floor.goBack();

        readUpToItsLimit(0, 120, 1_000);

        assertThat(floor.next(millis(1_900))).isZero();
    }

    @Test
    void floorStaysAtTheFirstRowAndFollowsWhenItIsGone() {
        found(0, 100, 0);
        found(0, 100, 5_000);
        assertThat(floor.next(millis(5_500))).isEqualTo(100);

        found(100, 300, 5_500);
        found(0, 300, 6_300);
        assertThat(floor.next(millis(6_400))).isEqualTo(100);
        found(100, 300, 6_500);
        assertThat(floor.next(millis(6_500))).isEqualTo(300);
    }

    @Test
    void floorGoesDownToARowThatAppearsBelowItAndStaysUntilItIsGone() {
        found(0, 100, 0);
        found(0, 200, 2_000);
        found(0, 300, 3_500);
        assertThat(floor.next(millis(3_501))).isEqualTo(200);

        found(0, 50, 4_600);
        assertThat(floor.next(millis(4_700))).isEqualTo(50);
        found(50, 50, 5_500);
        assertThat(floor.next(millis(5_599))).isEqualTo(50);
    }

    @Test
    void floorStaysAtARowThatAppearsBelowWhereItIsGoing() {
        found(0, 100, 0);
        found(0, 100, 2_000);
        found(100, 300, 2_100);
        found(100, 150, 2_200);
        found(0, 150, 3_150);

        assertThat(floor.next(millis(3_151))).isEqualTo(100);
        found(100, 150, 3_300);
        assertThat(floor.next(millis(3_301))).isEqualTo(150);
    }

    @Test
    void lookThatCannotTellLeavesTheFloorWhereItIs() {
        found(0, 100, 0);
        found(0, 0, 2_000);

        assertThat(floor.next(millis(2_500))).isEqualTo(100);
    }

    private void found(long from, long first, long atMillis) {
        floor.found(from, first, millis(atMillis), millis(atMillis));
    }

    private void readUpToItsLimit(long from, long highest, long atMillis) {
        floor.read(from, highest, true, millis(atMillis), millis(atMillis));
    }

    private void read(long from, long highest, long atMillis) {
        floor.read(from, highest, false, millis(atMillis), millis(atMillis));
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
