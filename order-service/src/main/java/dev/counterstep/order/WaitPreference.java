package dev.counterstep.order;

import java.time.Duration;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** The {@code wait} of a {@code Prefer} header (RFC 7240): how many seconds a caller would rather wait than ask again. */
final class WaitPreference {

    private static final Pattern WAIT =
            Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,9})", Pattern.CASE_INSENSITIVE);

    private WaitPreference() {}

    /** The wait, no longer than {@code atMost}; zero when none is preferred. A preference never fails a request. */
    static Duration in(@Nullable String header, Duration atMost) {
        if (header == null) {
            return Duration.ZERO;
        }
        var wait = WAIT.matcher(header);
        if (!wait.find()) {
            return Duration.ZERO;
        }
        var wanted = Duration.ofSeconds(Long.parseLong(wait.group(1)));
        return wanted.compareTo(atMost) > 0 ? atMost : wanted;
    }
}
