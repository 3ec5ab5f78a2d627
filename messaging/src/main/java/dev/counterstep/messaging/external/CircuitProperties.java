package dev.counterstep.messaging.external;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a circuit opens and for how long; a part of the properties of whoever owns the {@link ExternalSystem}.
 *
 * @param window how many of the latest calls are judged
 * @param minimumCalls how many calls it takes before they are judged at all
 * @param failureRate the percentage of failed calls, 1-100, from which the circuit opens
 * @param openFor how long an open circuit refuses calls; also the retry-after of the replies meanwhile
 * @param trialCalls how many calls are let through afterwards to see whether the system is back
 */
public record CircuitProperties(
        @DefaultValue("20") @Min(1) int window,
        @DefaultValue("10") @Min(1) int minimumCalls,
        @DefaultValue("50") @Min(1) @Max(100) int failureRate,
        @DefaultValue("5s") Duration openFor,
        @DefaultValue("2") @Min(1) int trialCalls) {}
