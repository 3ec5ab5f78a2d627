package dev.counterstep.orchestrator.definition;

import java.util.Map;
import java.util.TreeMap;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/**
 * Shows which stored definitions this node cannot read: in the health details, component {@code definitions}, with the reason;
 * and as metric {@code saga.definition.unreadable.count}. The node is UP all the same: it does its work on all others, and a
 * node that can read them has theirs.
 */
@Component("definitionsHealthIndicator")
final class UnreadableDefinitions extends AbstractHealthIndicator {

    private final DefinitionRegistry definitions;

    UnreadableDefinitions(DefinitionRegistry definitions, MeterRegistry metrics) {
        super("the definitions could not be looked at");
        this.definitions = definitions;
        metrics.gauge(
                "saga.definition.unreadable.count",
                definitions,
                registry -> registry.unreadable().size());
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        Map<String, String> unreadable = new TreeMap<>();
        definitions.unreadable().forEach((version, reason) -> unreadable.put(version.toString(), reason));
        health.up().withDetail("versions", definitions.all().size()).withDetail("unreadable", unreadable);
    }
}
