package dev.counterstep.order;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.counterstep.web.ProblemException;

/** Request headers whose values we keep and pass on. */
final class HeaderText {

    private static final Pattern PORTABLE = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private HeaderText() {}

    /**
     * The value as it is.
     *
     * @throws ProblemException 400 when it could not travel on
     */
    static @Nullable String checked(String header, @Nullable String value) {
        if (value != null && !PORTABLE.matcher(value).matches()) {
            throw ProblemException.badRequest(
                    "bad-header", header + " must be 1 to 128 visible ASCII characters without spaces.");
        }
        return value;
    }
}
