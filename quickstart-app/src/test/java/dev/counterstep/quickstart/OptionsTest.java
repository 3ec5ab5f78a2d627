package dev.counterstep.quickstart;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OptionsTest {

    @Test
    void withoutArgumentsEverythingHasItsDefault() {
        Options options = Options.parse();
        assertThat(options.mode()).isEqualTo(Options.Mode.SERVE);
        assertThat(options.dataDir()).isEqualTo(Path.of(".counterstep"));
        assertThat(options.ports()).isEqualTo(new Ports(8000, 15432, 19092));
        assertThat(options.demo()).isTrue();
        assertThat(options.reset()).isFalse();
        assertThat(options.springProperties()).isEmpty();
    }

    @Test
    void everyOptionIsRead() {
        Options options = Options.parse(
                "--data-dir=target/once",
                "--http-port-base=9000",
                "--postgres-port=5432",
                "--kafka-port=9092",
                "--demo=off",
                "--reset",
                "--once");
        assertThat(options.mode()).isEqualTo(Options.Mode.ONCE);
        assertThat(options.dataDir()).isEqualTo(Path.of("target/once"));
        assertThat(options.ports()).isEqualTo(new Ports(9000, 5432, 9092));
        assertThat(options.demo()).isFalse();
        assertThat(options.reset()).isTrue();
    }

    @Test
    void lastOfTwoWins() {
        assertThat(Options.parse("--data-dir=one", "--data-dir=two").dataDir()).isEqualTo(Path.of("two"));
    }

    @Test
    void anyOtherSettingIsASpringPropertyForTheServices() {
        assertThat(Options.parse("--counterstep.participants=order,shipping", "--payment.simulated.decline-rate=0.2")
                        .springProperties())
                .containsEntry("counterstep.participants", "order,shipping")
                .containsEntry("payment.simulated.decline-rate", "0.2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--bogus              | Unknown option --bogus: ./quickstart --help lists the options.",
                "start                | Unknown option start: ./quickstart --help lists the options.",
                "--once=yes           | Unknown option --once=yes: ./quickstart --help lists the options.",
                "--postgress-port=1   | Unknown option --postgress-port=1: ./quickstart --help lists the options.",
                "--kafka-port=x       | --kafka-port=x is not a port: write a number from 1 to 65535.",
                "--http-port-base=65532 | --http-port-base=65532 is not a port: write a number from 1 to 65531.",
                "--demo=maybe         | --demo=maybe makes no sense: write --demo=on or --demo=off.",
                "--data-dir=          | --data-dir names no folder: write --data-dir=DIR.",
            })
    void mistakeIsNamedInOneSentence(String argument, String sentence) {
        assertThatThrownBy(() -> Options.parse(argument))
                .isInstanceOf(StartException.class)
                .hasMessage(sentence);
    }
}
