package dev.counterstep.order;

import java.math.BigDecimal;

import jakarta.persistence.Embeddable;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a customer orders, every field checked by {@link OrderRequestReader}.
 *
 * @param customerId who orders
 * @param productId what
 * @param quantity how many, at least 1
 * @param amount what it costs, scale 2, more than zero
 * @param currency ISO 4217 code of the amount
 * @param flow the saga definition that is to run it
 * @param paymentMethod how it is paid, null (absent in JSON) when not said
 * @param address where it goes, null (absent in JSON) when not said
 */
@Embeddable
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrderRequest(
        String customerId,
        String productId,
        int quantity,
        BigDecimal amount,
        String currency,
        String flow,
        @Nullable String paymentMethod,
        @Nullable String address) {}
