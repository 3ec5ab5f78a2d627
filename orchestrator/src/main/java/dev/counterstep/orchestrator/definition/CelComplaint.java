package dev.counterstep.orchestrator.definition;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What CEL's parser complains of, in words for people who write definitions and not parsers.
 *
 * @param message what is wrong; its place is told elsewhere
 * @param meant what was probably meant; null when there is no good guess
 */
record CelComplaint(String message, @Nullable String meant) {

    private static final Pattern UNEXPECTED = Pattern.compile(
            "(?:mismatched|extraneous) input '(.*?)' expecting .*|no viable alternative at input '(.*)'");
    private static final Pattern UNRECOGNIZED = Pattern.compile("token recognition error at: '(.*)'");
    private static final Pattern MISSING = Pattern.compile("missing '?(.*?)'? at .*");
    private static final String END = "<EOF>";

    /** What other languages write. */
    private static final Map<String, String> MEANT = Map.of(
            "and", "'&&'", "or", "'||'", "not", "'!'", "=", "'=='", "===", "'=='", "<>", "'!='", "&", "'&&'", "|",
            "'||'");

    /** Null when the complaint is not one of grammar: then it may be one of several, each with a meaning of its own. */
    static @Nullable CelComplaint ofGrammar(String complaint) {
        Matcher unexpected = UNEXPECTED.matcher(complaint);
        if (unexpected.matches()) {
            return unexpected(unexpected.group(1) == null ? unexpected.group(2) : unexpected.group(1));
        }
        Matcher unrecognized = UNRECOGNIZED.matcher(complaint);
        if (unrecognized.matches()) {
            return unrecognized(unrecognized.group(1));
        }
        Matcher missing = MISSING.matcher(complaint);
        return missing.matches()
                ? new CelComplaint("%s is missing".formatted(Words.quoted(missing.group(1))), null)
                : null;
    }

    private static CelComplaint unexpected(String token) {
        return token.equals(END)
                ? new CelComplaint("it ends where a value is expected", null)
                : new CelComplaint("%s is not expected here".formatted(Words.quoted(token)), MEANT.get(token));
    }

    private static CelComplaint unrecognized(String text) {
        if (text.startsWith("'") || text.startsWith("\"")) {
            return new CelComplaint(
                    "a text begins here that does not end (between { and }, an expression with a comma in it must be quoted)",
                    null);
        }
        String token = text.strip();
        return new CelComplaint("%s is no part of CEL".formatted(Words.quoted(token)), MEANT.get(token));
    }
}
