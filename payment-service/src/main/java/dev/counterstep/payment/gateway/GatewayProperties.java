package dev.counterstep.payment.gateway;

import jakarta.validation.Valid;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import dev.counterstep.messaging.external.CircuitProperties;

/**
 * How the payment gateway is called.
 *
 * @param circuit when the calls of one payment method are suspended, and for how long
 */
@Validated
@ConfigurationProperties("payment.gateway")
record GatewayProperties(@DefaultValue @Valid CircuitProperties circuit) {}
