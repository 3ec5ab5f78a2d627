package dev.counterstep.messaging;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        parse(body, false);
        return Objects.requireNonNull(body);
    }

    /** What the body holds; empty when nothing is kept. */
    private Map<String, Object> parse(byte @Nullable [] body, boolean keep) {
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
            return new Reading(parser, limits.depth(), keep).body();
        } catch (JacksonException e) {
            throw undecodable(e);
        } catch (NumberFormatException e) { // not an exception of Jackson's: an exponent beyond BigDecimal
            throw new PoisonMessageException("undecodable", "a number in the body is out of range");
        }
    }

    /** Reads a body in one pass, and finds in it what PostgreSQL could not store or nobody should have to. */
    private static final class Reading {

        private final JsonParser parser;
        private final int mostDepth;
        private final boolean keep;

        /** @param keep whether anybody wants what is read */
        Reading(JsonParser parser, int mostDepth, boolean keep) {
            this.parser = parser;
            this.mostDepth = mostDepth;
            this.keep = keep;
        }

        Map<String, Object> body() {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new PoisonMessageException("undecodable", "the body is empty; send a JSON object");
            }
            if (first != JsonToken.START_OBJECT) {
                throw new PoisonMessageException("not-an-object", "the body is JSON but not a JSON object");
            }
            Map<String, Object> body = object(1);
            if (parser.nextToken() != null) {
                throw new PoisonMessageException("undecodable", "the body goes on after its JSON object");
            }
            return body;
        }

        private Map<String, Object> object(int depth) {
            requireDepth(depth);
            Map<String, Object> object = new LinkedHashMap<>();
            for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
                String name = storable();
                Object value = value(next(), depth + 1);
                if (keep) {
                    object.put(name, value);
                }
            }
            return object;
        }

        private List<Object> list(int depth) {
            requireDepth(depth);
            List<Object> list = new ArrayList<>();
            for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
                Object value = value(token, depth + 1);
                if (keep) {
                    list.add(value);
                }
            }
            return list;
        }

        private @Nullable Object value(JsonToken token, int depth) {
            return switch (token) {
                case START_OBJECT -> object(depth);
                case START_ARRAY -> list(depth);
                case VALUE_STRING -> storable();
                case VALUE_NUMBER_INT -> parser.getNumberValue();
                case VALUE_NUMBER_FLOAT -> decimal();
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case VALUE_NULL -> null;
                default -> throw new IllegalStateException("a JSON parser gave " + token);
            };
        }

        private JsonToken next() {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new PoisonMessageException("undecodable", "the body ends within its JSON object");
            }
            return token;
        }

        private void requireDepth(int depth) {
            if (depth > mostDepth) {
                throw new PoisonMessageException(
                        "too-deep", "the body nests deeper than %d levels".formatted(mostDepth));
            }
        }

        private String storable() {
            String text = parser.getString();
            if (!isStorable(text)) {
                throw new PoisonMessageException(
                        "undecodable",
                        "the body has \\u0000 or half a surrogate pair at line %d, column %d; PostgreSQL stores neither"
                                .formatted(
                                        parser.currentTokenLocation().getLineNr(),
                                        parser.currentTokenLocation().getColumnNr()));
            }
            return text;
        }

        private BigDecimal decimal() {
            BigDecimal number = parser.getDecimalValue();
            long digits = (long) number.precision() - number.scale();
            if (digits > MOST_DIGITS || number.scale() > MOST_DIGITS) {
                throw new PoisonMessageException("undecodable", "a number in the body is out of range");
            }
            return number;
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
        return parse(body, true);
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
