package dev.counterstep.orchestrator.definition;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The fields of one mapping. Every accessor answers null when there is no such value or it is not valid; in the latter case
 * the problem has been noted.
 */
final class Fields {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern SPELT_DURATION = Pattern.compile(
            "(\\d{1,9}) ?(|ms(?:ecs?)?|milli(?:second)?s?|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern INTEGER = Pattern.compile("-?\\d{1,10}");
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,9}(\\.\\d{1,9})?");

    private final Element owner;
    private final String what;
    private final Map<String, Element> values;
    private final Problems problems;

    private Fields(Element owner, String what, Map<String, Element> values, Problems problems) {
        this.owner = owner;
        this.what = what;
        this.values = values;
        this.problems = problems;
    }

    /** The fields of a mapping whose field names are fixed; null when it is none. */
    static @Nullable Fields of(Element element, String what, List<String> known, Problems problems) {
        Map<String, Element> values = entries(element, what, problems);
        if (values == null) {
            return null;
        }
        values.forEach((name, value) -> {
            if (!known.contains(name)) {
                noteUnknown(key(element, name), name, what, known, problems);
            }
        });
        return new Fields(element, what, values, problems);
    }

    /** The entries of a mapping with any field names; null when it is none. */
    static @Nullable Map<String, Element> entries(Element element, String what, Problems problems) {
        if (!(element.node() instanceof MappingNode mapping)) {
            problems.add(element, "%s is a mapping, not %s".formatted(what, element.description()));
            return null;
        }
        Map<String, Element> values = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                problems.add(new Element(entry.getKeyNode(), element.pointer()), "a field name is a text");
                continue;
            }
            Element value = element.child(key.getValue(), entry.getValueNode());
            if (values.putIfAbsent(key.getValue(), value) != null) {
                problems.add(
                        new Element(key, value.pointer()),
                        "%s has %s twice".formatted(what, Words.quoted(key.getValue())));
            }
        }
        return values;
    }

    Element owner() {
        return owner;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable
    Element find(String name) {
        return values.get(name);
    }

    /** As {@link #find}, but its absence is a problem. */
    @Nullable
    Element require(String name) {
        Element value = values.get(name);
        if (value == null) {
            problems.add(owner, "%s needs the field %s".formatted(what, Words.quoted(name)));
        }
        return value;
    }

    /** A text of a pattern, which {@code rule} puts into words. */
    @Nullable
    String text(String name, Pattern pattern, String rule) {
        Element value = find(name);
        return value == null ? null : text(value, name, pattern, rule);
    }

    /** As {@link #text}, but its absence is a problem. */
    @Nullable
    String requireText(String name, Pattern pattern, String rule) {
        Element value = require(name);
        return value == null ? null : text(value, name, pattern, rule);
    }

    private @Nullable String text(Element value, String name, Pattern pattern, String rule) {
        if (!value.isText() || !pattern.matcher(value.text()).matches()) {
            problems.add(value, "%s is %s, not %s".formatted(Words.quoted(name), rule, value.description()));
            return null;
        }
        return value.text();
    }

    @Nullable
    Integer integer(String name, int least, int most) {
        BigDecimal number = number(name, INTEGER, "a whole number", least, most);
        return number == null ? null : Integer.valueOf(number.intValueExact());
    }

    @Nullable
    Double decimal(String name, int least, int most) {
        BigDecimal number = number(name, DECIMAL, "a number", least, most);
        return number == null ? null : Double.valueOf(number.doubleValue());
    }

    private @Nullable BigDecimal number(String name, Pattern pattern, String kind, int least, int most) {
        Element value = find(name);
        if (value == null) {
            return null;
        }
        if (value.isText() && pattern.matcher(value.text()).matches()) {
            BigDecimal number = new BigDecimal(value.text());
            if (number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(most)) <= 0) {
                return number;
            }
        }
        problems.add(
                value,
                "%s is %s from %d to %d, not %s".formatted(Words.quoted(name), kind, least, most, value.description()));
        return null;
    }

    /** A duration such as {@code 500ms}, {@code 30s}, {@code 10m}, {@code 1h} or {@code 7d}. */
    @Nullable
    Duration duration(String name, Duration least, Duration most) {
        Element value = find(name);
        if (value == null) {
            return null;
        }
        Matcher matcher = DURATION.matcher(value.isText() ? value.text() : "");
        if (!matcher.matches()) {
            problems.add(
                    value,
                    "%s is a duration such as 500ms, 30s, 10m or 1h, not %s"
                            .formatted(Words.quoted(name), value.description()),
                    value.isText() ? meantDuration(value.text()) : null);
            return null;
        }
        Duration duration = durationOf(Long.parseLong(matcher.group(1)), matcher.group(2));
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            problems.add(
                    value,
                    "%s is a duration from %s to %s, not %s"
                            .formatted(Words.quoted(name), spelt(least), spelt(most), value.description()));
            return null;
        }
        return duration;
    }

    /** The elements of a list; empty when there is none. */
    List<Element> list(String name, int most) {
        Element value = require(name);
        if (value == null) {
            return List.of();
        }
        if (!(value.node() instanceof SequenceNode sequence)
                || sequence.getValue().isEmpty()) {
            problems.add(value, "%s is a list with at least one entry".formatted(Words.quoted(name)));
            return List.of();
        }
        int size = sequence.getValue().size();
        if (size > most) {
            problems.add(value, "%s has at most %d entries, not %d".formatted(Words.quoted(name), most, size));
            return List.of();
        }
        return IntStream.range(0, size)
                .mapToObj(index -> value.child(index, sequence.getValue().get(index)))
                .toList();
    }

    private static void noteUnknown(Element key, String name, String what, List<String> known, Problems problems) {
        String nearest = Words.nearest(name, known);
        String message = "%s has no field %s".formatted(what, Words.quoted(name));
        problems.add(key, nearest == null ? message + ", it has " + Words.list(known) : message, nearest);
    }

    private static Element key(Element element, String name) {
        return ((MappingNode) element.node())
                .getValue().stream()
                        .filter(entry -> entry.getKeyNode() instanceof ScalarNode key
                                && key.getValue().equals(name))
                        .findFirst()
                        .map(entry -> element.child(name, entry.getKeyNode()))
                        .orElse(element);
    }

    private static Duration durationOf(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** Seconds without their unit, a unit spelt out, or ISO-8601. */
    private static @Nullable String meantDuration(String text) {
        Matcher spelt = SPELT_DURATION.matcher(text);
        if (spelt.matches()) {
            String unit = spelt.group(2).isEmpty() ? "s" : spelt.group(2).toLowerCase(Locale.ROOT);
            boolean isMillis = unit.equals("ms") || unit.startsWith("msec") || unit.startsWith("milli");
            return Words.quoted(spelt.group(1) + (isMillis ? "ms" : unit.substring(0, 1)));
        }
        try {
            return Words.quoted(spelt(Duration.parse(text)));
        } catch (DateTimeParseException neither) {
            return null;
        }
    }

    private static String spelt(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + "ms";
        }
        return duration.toSeconds() % 86_400 == 0 && !duration.isZero()
                ? duration.toDays() + "d"
                : duration.toSeconds() + "s";
    }
}
