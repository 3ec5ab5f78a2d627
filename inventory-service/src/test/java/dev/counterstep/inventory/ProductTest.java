package dev.counterstep.inventory;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ProductTest {

    private final Product product = new Product("product_1", 5, 1, Instant.parse("2026-01-31T12:00:00Z"));

    @Test
    void reservationTakesFromWhatIsFree() {
        assertThat(product.reserve(5)).isTrue();

        assertThat(product).returns(0, Product::available).returns(6, Product::reserved);
    }

    @Test
    void moreThanIsFreeIsNotReservedAndChangesNothing() {
        assertThat(product.reserve(6)).isFalse();

        assertThat(product).returns(5, Product::available).returns(1, Product::reserved);
    }

    @Test
    void releaseGivesBackToWhatIsFree() {
        product.release(1);

        assertThat(product).returns(6, Product::available).returns(0, Product::reserved);
    }

    @Test
    void moreThanIsReservedIsNotReleased() {
        assertThatIllegalStateException().isThrownBy(() -> product.release(2));

        assertThat(product).returns(5, Product::available).returns(1, Product::reserved);
    }

    @Test
    void stockNeverRunsOver() {
        var full = new Product("product_2", Integer.MAX_VALUE, Integer.MAX_VALUE, product.updatedAt());

        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> full.reserve(1));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> full.release(1));
        assertThat(full).returns(Integer.MAX_VALUE, Product::available).returns(Integer.MAX_VALUE, Product::reserved);
    }
}
