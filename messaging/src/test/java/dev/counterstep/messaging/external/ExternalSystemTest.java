package dev.counterstep.messaging.external;

import java.time.Duration;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import dev.counterstep.messaging.participant.RetryableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ExternalSystemTest {

    private static final Duration OPEN_FOR = Duration.ofMillis(20);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ExternalSystem system =
            new ExternalSystem("carrier", new CircuitProperties(4, 4, 50, OPEN_FOR, 1), metrics);

    @Test
    void openCircuitRefusesWithoutCalling() {
        open("booking");

        assertThatExceptionOfType(RetryableException.class)
                .isThrownBy(() -> system.call("booking", () -> {
                    throw new AssertionError("must not be called");
                }));
        assertThat(metrics.get("saga.external.refusals")
                        .tags("system", "carrier", "circuit", "booking")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void openCircuitLeavesTheOthersAlone() {
        open("booking");

        assertThat(system.call("settlement", () -> "done")).isEqualTo("done");
    }

    @Test
    void circuitClosesWhenTheSystemIsBack() {
        open("booking");

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(system.call("booking", () -> "back")).isEqualTo("back"));
        assertThat(system.call("booking", () -> "again")).isEqualTo("again");
    }

    @Test
    void answersThatContradictTheCallerDoNotOpenTheCircuit() {
        for (int i = 0; i < 10; i++) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> system.call("booking", () -> {
                        throw new IllegalStateException("no such booking");
                    }));
        }

        assertThat(system.call("booking", () -> "done")).isEqualTo("done");
    }

    @Test
    void circuitsBeyondTheLimitShareOne() {
        for (int i = 0; i < 15; i++) {
            system.call("circuit-" + i, () -> "made");
        }

        open("one-too-many");

        assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> system.call("another", () -> "refused"));
        assertThat(system.call("circuit-0", () -> "done")).isEqualTo("done");
    }

    private void open(String circuit) {
        for (int i = 0; i < 4; i++) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> system.call(circuit, () -> {
                        throw new UnsupportedOperationException("no answer");
                    }));
        }
    }
}
