package dev.counterstep.messaging;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.math.BigDecimal;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes message bodies, strictly: what passes here can also be stored as {@code jsonb} and read by any other
 * JSON library with the same meaning. Its mapper is its own: the application's Jackson settings do not change the wire.
 *
 * <p>No reason it gives holds a value of the body, only places in it.
 */
final class JsonBodies {

    /** PostgreSQL's {@code numeric} ends at 131,072 digits, an IEEE double at 10^308; no honest amount comes near. */
    private static final int MOST_DIGITS = 308;

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final MessagingProperties.Limits limits;
    private final JsonMapper mapper;

    JsonBodies(MessagingProperties.Limits limits) {
        this.limits = limits;
        this.mapper = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                // One more than allowed, so that our own check finds it first and can say so.
                                .maxNestingDepth(limits.depth() + 1)
                                .build())
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .annotationIntrospector(new RequiredUnlessNullable())
                .build();
    }

    /** Refuses what is not one JSON object within the limits. */
    byte[] check(byte @Nullable [] body) {
        if (body == null) {
            throw new PoisonMessageException("missing-body", "the message has no value; send a JSON object");
        }
        if (body.length > limits.body().toBytes()) {
            throw new PoisonMessageException(
                    "too-big",
                    "the body has %d bytes, at most %d are allowed"
                            .formatted(body.length, limits.body().toBytes()));
        }
        try (JsonParser parser = mapper.createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new PoisonMessageException("undecodable", "the body is empty; send a JSON object");
            }
            if (first != JsonToken.START_OBJECT) {
                throw new PoisonMessageException("not-an-object", "the body is JSON but not a JSON object");
            }
            checkObject(parser);
            return body;
        } catch (JacksonException e) {
            throw undecodable(e);
        } catch (NumberFormatException e) { // not an exception of Jackson's: an exponent beyond BigDecimal
            throw new PoisonMessageException("undecodable", "a number in the body is out of range");
        }
    }

    private void checkObject(JsonParser parser) {
        int depth = 1;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new PoisonMessageException("undecodable", "the body ends within its JSON object");
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth > limits.depth()) {
                throw new PoisonMessageException(
                        "too-deep", "the body nests deeper than %d levels".formatted(limits.depth()));
            }
            checkScalar(parser, token);
        }
        if (parser.nextToken() != null) {
            throw new PoisonMessageException("undecodable", "the body goes on after its JSON object");
        }
    }

    private static void checkScalar(JsonParser parser, JsonToken token) {
        if (token == JsonToken.PROPERTY_NAME || token == JsonToken.VALUE_STRING) {
            if (!isStorable(parser.getString())) {
                throw new PoisonMessageException(
                        "undecodable",
                        "the body has \\u0000 or half a surrogate pair at line %d, column %d; PostgreSQL stores neither"
                                .formatted(
                                        parser.currentTokenLocation().getLineNr(),
                                        parser.currentTokenLocation().getColumnNr()));
            }
        } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            BigDecimal number = parser.getDecimalValue();
            long digits = (long) number.precision() - number.scale();
            if (digits > MOST_DIGITS || number.scale() > MOST_DIGITS) {
                throw new PoisonMessageException("undecodable", "a number in the body is out of range");
            }
        }
    }

    /** Whether PostgreSQL stores this text: no {@code \u0000}, no unpaired surrogate. */
    static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    <T> T read(byte[] body, Class<T> type) {
        check(body);
        try {
            return mapper.readValue(body, type);
        } catch (JacksonException e) {
            throw new PoisonMessageException(
                    "ill-typed", "the body has a missing or ill-typed property at '%s'".formatted(pointer(e)));
        }
    }

    Map<String, Object> readObject(byte[] body) {
        check(body);
        try {
            return mapper.readValue(body, OBJECT);
        } catch (JacksonException e) {
            throw undecodable(e);
        }
    }

    byte[] write(Object value) {
        return mapper.writeValueAsBytes(value);
    }

    private static PoisonMessageException undecodable(JacksonException e) {
        return new PoisonMessageException(
                "undecodable",
                e.getLocation() == null
                        ? "the body is not JSON"
                        : "the body is not JSON: line %d, column %d"
                                .formatted(
                                        e.getLocation().getLineNr(),
                                        e.getLocation().getColumnNr()));
    }

    private static String pointer(JacksonException e) {
        return e.getPath().stream()
                .map(reference -> "/"
                        + (reference.getPropertyName() == null ? reference.getIndex() : reference.getPropertyName()))
                .collect(Collectors.joining());
    }

    /** A record component is required unless JSpecify's {@link Nullable} says otherwise. */
    private static final class RequiredUnlessNullable extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            return isRequired(member) ? Boolean.TRUE : super.hasRequiredMarker(config, member);
        }

        @Override
        public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
            return isRequired(annotated)
                    ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
                    : super.findSetterInfo(config, annotated);
        }

        private static boolean isRequired(Annotated annotated) {
            if (!(annotated instanceof AnnotatedParameter parameter)
                    || !parameter.getDeclaringClass().isRecord()) {
                return false;
            }
            Executable constructor = (Executable) parameter.getOwner().getMember();
            AnnotatedType type = constructor.getAnnotatedParameterTypes()[parameter.getIndex()];
            return !type.isAnnotationPresent(Nullable.class);
        }
    }
}
