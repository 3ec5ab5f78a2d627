package dev.counterstep.benchmark;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OptionsTest {

    @Test
    void whatIsNotSaidHasDefaults() {
        Options options = Options.parse("throughput");

        assertThat(options.entry()).isEqualTo(Options.Entry.EVENT);
        assertThat(options.systems()).containsExactly(SystemKind.PRODUCT, SystemKind.FLOOR);
        assertThat(options.declineRate()).isEqualTo(0.1);
        assertThat(options.json()).isNull();
    }

    @Test
    void everyValueIsRead() {
        Options options = Options.parse(
                "growth", "--sizes=10k,1m,25", "--soak=90s", "--rate=50%", "--runs=5", "--counterstep.some.thing=a=b");

        assertThat(options.sizes()).isEqualTo(List.of(10_000L, 1_000_000L, 25L));
        assertThat(options.soak()).isEqualTo(Duration.ofSeconds(90));
        assertThat(options.rate()).isEqualTo(-0.5);
        assertThat(options.runs()).isEqualTo(5);
        assertThat(options.springProperties()).containsEntry("counterstep.some.thing", "a=b");
    }

    @Test
    void everyCommandHasItsSystems() {
        assertThat(Options.parse("throughput", "--with-floor=off").systems()).containsExactly(SystemKind.PRODUCT);
        assertThat(Options.parse("floor").systems()).containsExactly(SystemKind.FLOOR);
        assertThat(Options.parse("peers").systems())
                .containsExactly(SystemKind.PRODUCT, SystemKind.DBOS, SystemKind.FLOWABLE);
        assertThat(Options.parse("peers", "--systems=dbos").systems()).containsExactly(SystemKind.DBOS);
        assertThatThrownBy(() -> Options.parse("peers", "--systems=abacus")).hasMessageContaining("abacus");
    }

    @Test
    void whatMakesNoSenseIsNamed() {
        assertThatThrownBy(() -> Options.parse("fly")).hasMessageContaining("fly");
        assertThatThrownBy(() -> Options.parse("floor", "--wings=2")).hasMessageContaining("--wings");
        assertThatThrownBy(() -> Options.parse("floor", "--runs=two")).hasMessageContaining("--runs=two");
    }
}
