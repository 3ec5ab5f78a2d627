package dev.counterstep.order;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.counterstep.web.FieldError;
import dev.counterstep.web.ProblemException;

/**
 * The fields of a JSON request. What is wrong with one is collected, and a harmless value stands in for it, until
 * {@link #refuseWrong()} tells everything at once.
 *
 * <p>A field may have several names: the first is the name, the others are aliases. A JSON null counts as absent.
 */
final class RequestFields {

    private final JsonNode body;
    private final List<FieldError> errors = new ArrayList<>();

    private RequestFields(JsonNode body) {
        this.body = body;
    }

    static RequestFields of(JsonMapper json, byte[] body) {
        try {
            var root = json.readTree(body);
            if (root.isObject()) {
                return new RequestFields(root);
            }
        } catch (JacksonException e) {
            throw ProblemException.badRequest("malformed-json", "The body is not JSON: " + e.getOriginalMessage());
        }
        throw ProblemException.badRequest("malformed-json", "The body must be a JSON object.");
    }

    /** Text that must be there. */
    String text(int maxLength, String... names) {
        var field = field(names);
        return field == null ? wrong(names[0], "is required", "") : text(field, maxLength);
    }

    /** Text, null when it is not there. */
    @Nullable
    String optionalText(int maxLength, String name) {
        var field = field(name);
        return field == null ? null : text(field, maxLength);
    }

    /** One of {@code allowed}, which {@code description} words. */
    String oneOf(Collection<String> allowed, String description, String fallback, String name) {
        var field = field(name);
        if (field == null) {
            return fallback;
        }
        return field.value().isString() && allowed.contains(field.value().stringValue())
                ? field.value().stringValue()
                : wrong(name, "must be " + description, fallback);
    }

    /** A whole number from 1 that must be there. */
    int wholeNumber(int max, String name) {
        var field = field(name);
        if (field == null) {
            return wrong(name, "is required", 1);
        }
        var value = field.value();
        return value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 1 && value.intValue() <= max
                ? value.intValue()
                : wrong(name, "must be a whole number from 1 to " + max, 1);
    }

    /** An amount of money above zero that must be there, with exactly {@code decimals} decimals. */
    BigDecimal amount(BigDecimal max, int decimals, String name) {
        var field = field(name);
        if (field == null) {
            return wrong(name, "is required", BigDecimal.ZERO);
        }
        var value = field.value();
        if (!value.isNumber()
                || value.decimalValue().signum() <= 0
                || value.decimalValue().compareTo(max) > 0) {
            return wrong(name, "must be a number above 0 and up to " + max.toPlainString(), BigDecimal.ZERO);
        }
        var amount = value.decimalValue().stripTrailingZeros();
        return amount.scale() <= decimals
                ? amount.setScale(decimals)
                : wrong(name, "must have at most " + decimals + " decimals", BigDecimal.ZERO);
    }

    /**
     * The end of reading.
     *
     * @throws ProblemException when any field was wrong: 400 with a pointer for each
     */
    void refuseWrong() {
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
    }

    private String text(Field field, int maxLength) {
        var value = field.value().isString() ? field.value().stringValue() : "";
        return value.isBlank()
                        || value.length() > maxLength
                        || !value.codePoints().allMatch(RequestFields::printable)
                ? wrong(field.name(), "must be printable text of 1 to " + maxLength + " characters", "")
                : value;
    }

    /** What PostgreSQL and Kafka keep as it is: no NUL or other control character, no half of a surrogate pair. */
    private static boolean printable(int codePoint) {
        return !Character.isISOControl(codePoint) && Character.getType(codePoint) != Character.SURROGATE;
    }

    private @Nullable Field field(String... names) {
        Field found = null;
        for (var name : names) {
            var value = body.get(name);
            if (value == null || value.isNull()) {
                continue;
            }
            if (found == null) {
                found = new Field(name, value);
            } else if (!found.value().equals(value)) {
                wrong(name, "contradicts " + found.name(), "");
            }
        }
        return found;
    }

    private <T> T wrong(String name, String message, T standIn) {
        errors.add(new FieldError("/" + name, message));
        return standIn;
    }

    private record Field(String name, JsonNode value) {}
}
