package dev.counterstep.order;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import dev.counterstep.web.FieldError;
import dev.counterstep.web.ProblemException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class OrderRequestReaderTest {

    private final OrderRequestReader reader = new OrderRequestReader(
            new JsonMapper(),
            new OrderProperties(
                    List.of("order-fulfilment", "payment-first-order"),
                    "EUR",
                    1000,
                    new BigDecimal("5000.00"),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1),
                    10));

    @Test
    void whatIsNotSaidGetsItsDefault() {
        assertThat(read("'customerId': 'c', 'productId': 'p', 'quantity': 1, 'amount': 9.9"))
                .isEqualTo(
                        new OrderRequest("c", "p", 1, new BigDecimal("9.90"), "EUR", "order-fulfilment", null, null));
    }

    @Test
    void everythingThatIsSaidIsKept() {
        assertThat(read("'customerId': 'c', 'productId': 'p', 'quantity': 2, 'amount': 20, 'currency': 'JPY',"
                        + "'flow': 'payment-first-order', 'paymentMethod': 'card', 'address': 'Łódź 1'"))
                .isEqualTo(new OrderRequest(
                        "c", "p", 2, new BigDecimal("20.00"), "JPY", "payment-first-order", "card", "Łódź 1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"customerId", "customer_id", "userId", "user_id"})
    void customerHasManyNames(String name) {
        assertThat(read("'%s': 'c', 'product_id': 'p', 'quantity': 1, 'amount': 1".formatted(name)))
                .extracting(OrderRequest::customerId, OrderRequest::productId)
                .containsExactly("c", "p");
    }

    @Test
    void namesThatContradictEachOtherAreRefused() {
        assertThat(errors("'customerId': 'a', 'user_id': 'b', 'productId': 'p', 'quantity': 1, 'amount': 1"))
                .containsExactly(new FieldError("/user_id", "contradicts customerId"));
        assertThat(read("'customerId': 'a', 'user_id': 'a', 'productId': 'p', 'quantity': 1, 'amount': 1")
                        .customerId())
                .isEqualTo("a");
    }

    @Test
    void everyMissingFieldIsNamed() {
        assertThat(errors("'customerId': null"))
                .extracting(FieldError::pointer)
                .containsExactly("/customerId", "/productId", "/quantity", "/amount");
    }

    @ParameterizedTest
    @CsvSource({"0.01,0.01", "5000,5000.00", "1e2,100.00", "1.10000,1.10", "5E3,5000.00"})
    void amountIsKeptExactlyWithTwoDecimals(String written, String kept) {
        assertThat(read("'customerId': 'c', 'productId': 'p', 'quantity': 1, 'amount': " + written)
                        .amount())
                .isEqualTo(new BigDecimal(kept));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "0.001", "5000.01", "'9.90'", "true", "[]", "1e999999", "1e-999999"})
    void amountThatIsNoPriceIsRefused(String written) {
        assertThat(errors("'customerId': 'c', 'productId': 'p', 'quantity': 1, 'amount': " + written))
                .extracting(FieldError::pointer)
                .containsExactly("/amount");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "1.5", "'1'", "99999999999"})
    void quantityThatIsNoCountIsRefused(String written) {
        assertThat(errors("'customerId': 'c', 'productId': 'p', 'quantity': %s, 'amount': 1".formatted(written)))
                .extracting(FieldError::pointer)
                .containsExactly("/quantity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\\u0000b", "line\\nbreak", "half \\ud800"})
    void textThatCannotBeKeptIsRefused(String text) {
        assertThat(errors("'customerId': '%s', 'productId': 'p', 'quantity': 1, 'amount': 1".formatted(text)))
                .extracting(FieldError::pointer)
                .containsExactly("/customerId");
    }

    @Test
    void textThatIsTooLongIsRefused() {
        assertThat(errors(
                        "'customerId': '%s', 'productId': 'p', 'quantity': 1, 'amount': 1".formatted("c".repeat(129))))
                .containsExactly(new FieldError("/customerId", "must be printable text of 1 to 128 characters"));
    }

    @Test
    void currencyAndFlowAreOfTheirLists() {
        assertThat(errors("'customerId': 'c', 'productId': 'p', 'quantity': 1, 'amount': 1,"
                        + "'currency': 'eur', 'flow': 'teleport'"))
                .containsExactly(
                        new FieldError("/currency", "must be an ISO 4217 currency code such as EUR"),
                        new FieldError("/flow", "must be one of order-fulfilment, payment-first-order"));
    }

    private OrderRequest read(String fields) {
        return reader.read(("{" + fields.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8));
    }

    private List<FieldError> errors(String fields) {
        var problem = catchThrowableOfType(ProblemException.class, () -> read(fields));
        return problem.errors();
    }
}
