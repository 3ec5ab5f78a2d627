package dev.counterstep.order;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What an order may ask for.
 *
 * @param flows the saga definitions an order may choose from; the first is the default
 * @param defaultCurrency the ISO 4217 code of an amount without one
 * @param maxQuantity the most pieces of one order
 * @param maxAmount the highest amount of one order, in its currency
 * @param maxWait the longest a caller may wait for its order to end ({@code Prefer: wait})
 * @param reannounceAfter how long an order's saga may not be heard of before the order is announced again; each time the wait doubles
 * @param maxWaiting how many callers may wait at once; those beyond are answered at once
 */
@Validated
@ConfigurationProperties("counterstep.order")
record OrderProperties(
        @DefaultValue({"order-fulfilment", "payment-first-order"}) @NotEmpty
        List<String> flows,

        @DefaultValue("EUR") String defaultCurrency,
        @DefaultValue("1000000") @Positive int maxQuantity,
        @DefaultValue("1000000000.00") @Positive BigDecimal maxAmount,
        @DefaultValue("30s") Duration maxWait,
        @DefaultValue("1m") Duration reannounceAfter,
        @DefaultValue("1000") @PositiveOrZero int maxWaiting) {}
