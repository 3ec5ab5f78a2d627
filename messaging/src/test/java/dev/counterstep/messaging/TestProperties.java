package dev.counterstep.messaging;

import java.util.HashMap;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings as Spring would bind them: the defaults, and what a test wants otherwise. */
public final class TestProperties {

    private TestProperties() {}

    /** The defaults, with source {@code test}. */
    public static MessagingProperties messaging() {
        return messaging(Map.of());
    }

    /** The defaults but for these, named without their prefix {@code counterstep.messaging}. */
    public static MessagingProperties messaging(Map<String, String> changes) {
        Map<String, String> properties = new HashMap<>(Map.of("counterstep.messaging.source", "test"));
        changes.forEach((name, value) -> properties.put("counterstep.messaging." + name, value));
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("counterstep.messaging", MessagingProperties.class);
    }
}
