package dev.counterstep.payment.gateway;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount in a currency; never floating point.
 *
 * @param amount positive, two decimals, at most 17 digits before the point
 * @param currency three capital letters, ISO 4217
 */
public record Money(BigDecimal amount, String currency) {

    private static final int SCALE = 2;
    private static final int MAX_PRECISION = 19;

    /** @throws IllegalArgumentException when the amount or the currency is not as described; nothing is ever rounded */
    public Money {
        if (amount.signum() <= 0 || amount.stripTrailingZeros().scale() > SCALE) {
            throw new IllegalArgumentException("an amount is positive and has at most two decimals");
        }
        // First the digits, so that setScale never has to write out 1E+999999999.
        if (amount.precision() - amount.scale() > MAX_PRECISION - SCALE) {
            throw new IllegalArgumentException("an amount has at most 17 digits before the point");
        }
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("a currency is three capital letters");
        }
        amount = amount.setScale(SCALE, RoundingMode.UNNECESSARY);
    }
}
