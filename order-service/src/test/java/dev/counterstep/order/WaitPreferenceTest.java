package dev.counterstep.order;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class WaitPreferenceTest {

    private static final Duration MOST = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(strings = {"wait=7", "Wait = 7", "respond-async, wait=7", "wait=\"7\"", "return=minimal;wait=7"})
    void waitIsFoundAmongOtherPreferences(String header) {
        assertThat(WaitPreference.in(header, MOST)).hasSeconds(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "respond-async", "wait", "wait=", "wait=soon", "wait=-1", "await=7"})
    void whatIsNoWaitIsIgnored(String header) {
        assertThat(WaitPreference.in(header, MOST)).isZero();
    }

    @Test
    void waitIsBounded() {
        assertThat(WaitPreference.in("wait=31", MOST)).isEqualTo(MOST);
        assertThat(WaitPreference.in("wait=99999999999999", MOST)).isEqualTo(MOST);
        assertThat(WaitPreference.in(null, MOST)).isZero();
    }
}
