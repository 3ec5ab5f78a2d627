package dev.counterstep.web;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Defaults that all our processes share, below every other source of properties: what the actuator shows, and that neither
 * start nor liveness depend on the broker.
 */
final class ProcessDefaults implements EnvironmentPostProcessor {

    private static final Map<String, Object> DEFAULTS = Map.ofEntries(
            Map.entry("counterstep.messaging.source", "${spring.application.name:counterstep}"),
            Map.entry("management.endpoints.web.exposure.include", "health,info,prometheus,sbom"),
            Map.entry("management.endpoint.health.probes.enabled", "true"),
            Map.entry("management.endpoint.health.show-details", "when-authorized"),
            Map.entry("management.endpoint.health.roles", "VIEWER,OPERATOR,ADMIN"),
            // A broker that is away shows in readiness as DEGRADED, which is no failure: work is still accepted.
            Map.entry("management.endpoint.health.group.readiness.include", "readinessState,db,kafka"),
            Map.entry("management.endpoint.health.validate-group-membership", "false"),
            Map.entry("server.tomcat.max-http-form-post-size", "64KB"),
            Map.entry("spring.kafka.admin.fail-fast", "false"),
            Map.entry("spring.kafka.admin.operation-timeout", "5s"),
            // With the default, "rebootstrap", an admin client whose broker is away logs hundreds of lines a second.
            Map.entry("spring.kafka.admin.properties.metadata.recovery.strategy", "none"));

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        environment.getPropertySources().addLast(new MapPropertySource("counterstepDefaults", DEFAULTS));
    }
}
