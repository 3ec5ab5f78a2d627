package dev.counterstep.orchestrator.persistence;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as the database keeps it. Numbers are exact: whole ones are Integer, Long or BigInteger, all others BigDecimal.
 *
 * <p>{@code jsonb} writes {@code 1E+2} as {@code 100}. {@link #canonical} does the same beforehand, so that a value is the same
 * before and after it was stored.
 */
public final class SagaJson {

    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<LinkedHashMap<String, Map<String, Object>>> OBJECTS = new TypeReference<>() {};
    private static final TypeReference<LinkedHashMap<String, StepJson>> STEPS = new TypeReference<>() {};

    /** Its own mapper: the application's Jackson settings do not change what is stored. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private SagaJson() {}

    static String write(Object value) {
        return JSON.writeValueAsString(value);
    }

    static Map<String, Object> readObject(String json) {
        return JSON.readValue(json, OBJECT);
    }

    static Map<String, Map<String, Object>> readObjects(String json) {
        return JSON.readValue(json, OBJECTS);
    }

    static Map<String, StepJson> readSteps(String json) {
        return JSON.readValue(json, STEPS);
    }

    /** The object as it will come back from the database. */
    public static Map<String, Object> canonical(Map<String, Object> object) {
        Map<String, Object> canonical = new LinkedHashMap<>();
        object.forEach((key, value) -> canonical.put(key, canonicalValue(value)));
        return canonical;
    }

    private static @Nullable Object canonicalValue(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> canonical = new LinkedHashMap<>();
            map.forEach((key, element) -> canonical.put(String.valueOf(key), canonicalValue(element)));
            return canonical;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(SagaJson::canonicalValue).toList();
        }
        if (value instanceof BigDecimal number && number.scale() < 0) {
            return JSON.readValue(number.toPlainString(), Object.class);
        }
        return value;
    }

    /** Whether two objects mean the same: members in any order, numbers by value. */
    public static boolean isSame(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Map<?, ?> left && other instanceof Map<?, ?> right) {
            return left.keySet().equals(right.keySet())
                    && left.keySet().stream().allMatch(key -> isSame(left.get(key), right.get(key)));
        }
        if (one instanceof List<?> left && other instanceof List<?> right) {
            return left.size() == right.size() && isSameInOrder(left, right);
        }
        if (one instanceof Number left && other instanceof Number right) {
            return new BigDecimal(left.toString()).compareTo(new BigDecimal(right.toString())) == 0;
        }
        return Objects.equals(one, other);
    }

    private static boolean isSameInOrder(List<?> left, List<?> right) {
        for (int i = 0; i < left.size(); i++) {
            if (!isSame(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }
}
