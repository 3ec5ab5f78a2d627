package dev.counterstep.delivery.carrier.simulated;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the simulated carrier behaves.
 *
 * @param shipsAfter how long after its booking a parcel is on its way, at most 365 days; handed over after twice as long
 */
@Validated
@ConfigurationProperties("delivery.simulated")
record SimulatedCarrierProperties(
        @DefaultValue("1h") @DurationMin @DurationMax(days = 365)
        Duration shipsAfter) {}
