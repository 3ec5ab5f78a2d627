package dev.counterstep.orchestrator.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.counterstep.web.FieldError;
import dev.counterstep.web.ProblemException;

/** Reads query parameters. What cannot be read is refused with the parameter's name and what it takes. */
final class QueryValues {

    private QueryValues() {}

    /** A word of an enum, in any case; null when there is none. */
    static <E extends Enum<E>> @Nullable E word(String parameter, @Nullable String value, Class<E> words) {
        if (value == null) {
            return null;
        }
        return Stream.of(words.getEnumConstants())
                .filter(word -> word.name().equalsIgnoreCase(value.strip()))
                .findFirst()
                .orElseThrow(() -> refused(parameter, "one of " + names(words, false)));
    }

    /** Words of an enum, separated by commas; all of them when there is no value. */
    static <E extends Enum<E>> Set<E> words(String parameter, @Nullable String value, Class<E> words) {
        if (value == null) {
            return EnumSet.allOf(words);
        }
        Set<E> chosen = EnumSet.noneOf(words);
        for (String word : List.of(value.split(",", -1))) {
            chosen.add(Stream.of(words.getEnumConstants())
                    .filter(known -> known.name().equalsIgnoreCase(word.strip()))
                    .findFirst()
                    .orElseThrow(() -> refused(parameter, "a comma-separated list of " + names(words, true))));
        }
        return chosen;
    }

    /** A time; null when there is none. */
    static @Nullable Instant time(String parameter, @Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            // A plus sign that was not encoded arrives as a blank.
            return OffsetDateTime.parse(value.replace(' ', '+')).toInstant();
        } catch (DateTimeException cause) {
            throw refused(parameter, "a time such as 2026-01-31T12:00:00Z");
        }
    }

    private static ProblemException refused(String parameter, String takes) {
        return ProblemException.invalid(List.of(new FieldError("/" + parameter, "must be " + takes)));
    }

    private static <E extends Enum<E>> String names(Class<E> words, boolean inLowerCase) {
        return Stream.of(words.getEnumConstants())
                .map(word -> inLowerCase ? word.name().toLowerCase(Locale.ROOT) : word.name())
                .collect(Collectors.joining(", "));
    }
}
