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

    private static final Map<String, Object> DEFAULTS = Map.of(
            "counterstep.messaging.source", "${spring.application.name:counterstep}",
            "management.endpoints.web.exposure.include", "health,info,prometheus,sbom",
            "management.endpoint.health.probes.enabled", "true",
            "management.endpoint.health.show-details", "when-authorized",
            "management.endpoint.health.roles", "VIEWER,OPERATOR,ADMIN",
            // A broker that is away shows in readiness as DEGRADED, which is no failure: work is still accepted.
            "management.endpoint.health.group.readiness.include", "readinessState,db,kafka",
            "management.endpoint.health.validate-group-membership", "false",
            "server.tomcat.max-http-form-post-size", "64KB",
            "spring.kafka.admin.fail-fast", "false",
            "spring.kafka.admin.operation-timeout", "5s");

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        environment.getPropertySources().addLast(new MapPropertySource("counterstepDefaults", DEFAULTS));
    }
}
