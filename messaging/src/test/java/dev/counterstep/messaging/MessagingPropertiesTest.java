package dev.counterstep.messaging;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MessagingPropertiesTest {

    @Test
    void patienceOfHalfALeaseIsLongEnough() {
        MessagingProperties properties = bind(Map.of("source", "test", "relay.patience", "1s", "relay.lease", "2s"));
        assertThat(properties.relay().patience()).hasSeconds(1);
    }

    @ParameterizedTest
    @CsvSource({
        "relay.patience, 6s, at most half of counterstep.messaging.relay.lease",
        "relay.lease, 1s, between PT2S and PT10M",
        "relay.interval, 2m, between PT0.01S and PT1M",
        "limits.body, 1MB, between 1024B and 524288B"
    })
    void settingThatMakesNoSenseNamesItselfAndWhatWouldDo(String name, String value, String remedy) {
        assertThatThrownBy(() -> bind(Map.of("source", "test", name, value)))
                .rootCause()
                .hasMessageStartingWith("counterstep.messaging." + name)
                .hasMessageContaining(remedy);
    }

    private static MessagingProperties bind(Map<String, String> settings) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        settings.forEach((name, value) -> source.put("counterstep.messaging." + name, value));
        return new Binder(source)
                .bind("counterstep.messaging", MessagingProperties.class)
                .get();
    }
}
