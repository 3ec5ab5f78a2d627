package dev.counterstep.delivery.carrier;

import jakarta.validation.Valid;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import dev.counterstep.messaging.external.CircuitProperties;

/**
 * How the carrier is called.
 *
 * @param circuit when calls are suspended, and for how long
 */
@Validated
@ConfigurationProperties("delivery.carrier")
record CarrierProperties(@DefaultValue @Valid CircuitProperties circuit) {}
