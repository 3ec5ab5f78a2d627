package dev.counterstep.orchestrator.definition;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which definitions there are, and what they may refer to.
 *
 * @param participants who a definition may send commands to, on {@code <participant>.commands}
 * @param definitions where definitions come from
 */
@Validated
@ConfigurationProperties("counterstep")
public record DefinitionProperties(
        @DefaultValue({"order", "inventory", "payment", "delivery"}) @NotEmpty
        Set<@Pattern(regexp = "[a-z][a-z0-9-]{0,62}") String> participants,

        @DefaultValue @Valid Sources definitions) {

    /**
     * Where definitions come from.
     *
     * @param folder a folder whose .yaml, .yml and .json files are loaded at start, next to the shipped ones; none when unset
     * @param topics the topics whose events may start or cancel sagas
     * @param refresh how long it may take until a definition that was put on another node is known on this one
     */
    public record Sources(
            @Nullable Path folder,
            @DefaultValue("order.events") Set<@Pattern(regexp = "[A-Za-z0-9._-]{1,249}") String> topics,
            @DefaultValue("5s") Duration refresh) {}
}
