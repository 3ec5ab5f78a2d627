package dev.counterstep.payment.gateway.simulated;

import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class SimulatedGatewayTest {

    private static final int KEYS = 10_000;

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2, 0.5, 1})
    void declineRateIsTheShareOfKeysDeclined(double rate) {
        long declined = IntStream.range(0, KEYS)
                .mapToObj(i -> new UUID(0x0190_0000_0000_7000L, i) + ":process-payment:1")
                .filter(key -> SimulatedGateway.declines(key, rate))
                .count();

        assertThat((double) declined / KEYS).isEqualTo(rate, within(rate == 0 || rate == 1 ? 0 : 0.02));
    }
}
