package dev.counterstep.order;

import java.util.Currency;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.stereotype.Component;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads the body of {@code POST /orders}: everything that is wrong with it is told at once, each with a JSON pointer. */
@Component
class OrderRequestReader {

    private static final int MAX_ID = 128;
    private static final int MAX_PAYMENT_METHOD = 64;
    private static final int MAX_ADDRESS = 512;
    private static final int MAX_DECIMALS = 2;

    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .filter(currency -> currency.getDefaultFractionDigits() >= 0)
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    private final JsonMapper json;
    private final OrderProperties properties;

    OrderRequestReader(JsonMapper json, OrderProperties properties) {
        // An amount never passes through binary floating point.
        this.json = json.rebuild()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
        this.properties = properties;
    }

    OrderRequest read(byte[] body) {
        var fields = RequestFields.of(json, body);
        var request = new OrderRequest(
                fields.text(MAX_ID, "customerId", "customer_id", "userId", "user_id"),
                fields.text(MAX_ID, "productId", "product_id"),
                fields.wholeNumber(properties.maxQuantity(), "quantity"),
                fields.amount(properties.maxAmount(), MAX_DECIMALS, "amount"),
                fields.oneOf(
                        CURRENCIES, "an ISO 4217 currency code such as EUR", properties.defaultCurrency(), "currency"),
                fields.oneOf(
                        properties.flows(),
                        "one of " + String.join(", ", properties.flows()),
                        properties.flows().get(0),
                        "flow"),
                fields.optionalText(MAX_PAYMENT_METHOD, "paymentMethod"),
                fields.optionalText(MAX_ADDRESS, "address"));
        fields.refuseWrong();
        return request;
    }
}
