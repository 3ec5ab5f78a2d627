package dev.counterstep.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What a request may measure, prefix {@code counterstep.web}.
 *
 * @param maxBody largest request body; a larger one is answered with 413
 * @param maxJsonDepth deepest nesting of JSON, 1-1000
 */
@Validated
@ConfigurationProperties("counterstep.web")
public record WebLimits(
        @DefaultValue("64KB") DataSize maxBody,
        @DefaultValue("32") @Min(1) @Max(1000) int maxJsonDepth) {}
