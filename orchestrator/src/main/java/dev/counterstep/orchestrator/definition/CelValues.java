package dev.counterstep.orchestrator.definition;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.NullValue;
import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.ExpressionException;

/** Takes JSON to CEL's values and back. */
final class CelValues {

    private CelValues() {}

    /** A number that 64 bits cannot hold stays as it is: CEL passes it on, and refuses to compute with it. */
    static Object toCel(@Nullable Object value) {
        if (value == null) {
            return NullValue.NULL_VALUE;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> converted = new LinkedHashMap<>();
            map.forEach((key, item) -> converted.put(key, toCel(item)));
            return converted;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(CelValues::toCel).toList();
        }
        return value instanceof Number number ? number(number) : value;
    }

    private static Object number(Number value) {
        if (value instanceof Integer || value instanceof Long) {
            return value.longValue();
        }
        if (value instanceof BigInteger integer) {
            return integer.bitLength() < Long.SIZE ? (Object) integer.longValue() : integer;
        }
        if (value instanceof BigDecimal decimal) {
            double nearest = decimal.doubleValue();
            boolean isExact =
                    Double.isFinite(nearest) && BigDecimal.valueOf(nearest).compareTo(decimal) == 0;
            return isExact ? (Object) nearest : decimal;
        }
        return value.doubleValue();
    }

    /** @throws ExpressionException when the value is none of JSON's */
    static @Nullable Object fromCel(String label, Object value) {
        if (value instanceof NullValue) {
            return null;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> converted = new LinkedHashMap<>();
            map.forEach((key, item) -> converted.put(fieldName(label, key), fromCel(label, item)));
            return converted;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> converted = new ArrayList<>();
            list.forEach(item -> converted.add(fromCel(label, item)));
            return converted;
        }
        if (value instanceof Double number) {
            if (!Double.isFinite(number)) {
                throw new ExpressionException(label + ": its value is not a finite number");
            }
            return BigDecimal.valueOf(number);
        }
        if (value instanceof UnsignedLong number) {
            return number.bigIntegerValue();
        }
        if (value instanceof String
                || value instanceof Boolean
                || value instanceof Long
                || value instanceof BigDecimal
                || value instanceof BigInteger) {
            return value;
        }
        throw new ExpressionException(label + ": its value cannot be written as JSON");
    }

    private static String fieldName(String label, Object key) {
        if (key instanceof String name) {
            return name;
        }
        throw new ExpressionException(label + ": a field name of its value is not a text");
    }
}
