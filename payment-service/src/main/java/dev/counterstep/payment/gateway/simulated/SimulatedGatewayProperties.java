package dev.counterstep.payment.gateway.simulated;

import java.time.Duration;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the simulated gateway behaves.
 *
 * @param declineRate the share of charges it declines, 0-1; the idempotency key decides which, so that a repeated charge gets the
 *     same answer
 * @param slowDelay how long a charge of payment method {@code slow} takes, at most 20 s
 */
@Validated
@ConfigurationProperties("payment.simulated")
record SimulatedGatewayProperties(
        @DefaultValue("0") @DecimalMin("0") @DecimalMax("1") double declineRate,

        @DefaultValue("3s") @DurationMin @DurationMax(seconds = 20)
        Duration slowDelay) {}
