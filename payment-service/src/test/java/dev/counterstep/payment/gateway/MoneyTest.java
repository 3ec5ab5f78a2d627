package dev.counterstep.payment.gateway;

import java.math.BigDecimal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MoneyTest {

    @ParameterizedTest
    @ValueSource(strings = {"5", "5.0", "5.00", "5.000", "0.5E1"})
    void amountsOfOneValueAreEqual(String amount) {
        assertThat(new Money(new BigDecimal(amount), "EUR")).isEqualTo(new Money(new BigDecimal("5.00"), "EUR"));
    }

    @Test
    void largestAmountFitsTheColumn() {
        assertThat(new Money(new BigDecimal("99999999999999999.99"), "EUR")
                        .amount()
                        .precision())
                .isEqualTo(19);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "0.001", "1.005", "100000000000000000", "1E+999999999", "1E-999999999"})
    void amountThatTheColumnCannotHoldIsRefused(String amount) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(new BigDecimal(amount), "EUR"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eur", "EURO", "E1R", "EUR\n"})
    void currencyIsThreeCapitalLetters(String currency) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(BigDecimal.ONE, currency));
    }
}
