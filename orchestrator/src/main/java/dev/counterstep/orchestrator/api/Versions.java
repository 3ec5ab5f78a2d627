package dev.counterstep.orchestrator.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.web.ProblemException;

/** Entity tags: a saga's version in quotes. */
final class Versions {

    private static final Pattern TAG = Pattern.compile("\\s*\"?(\\d{1,18})\"?\\s*");

    private Versions() {}

    static String etag(StoredSaga saga) {
        return "\"" + saga.version() + "\"";
    }

    /**
     * The version that a request is about; null when any will do.
     *
     * @throws ProblemException 400 when the header is no version
     */
    static @Nullable Long ifMatch(@Nullable String header) {
        if (header == null || header.strip().equals("*")) {
            return null;
        }
        Matcher tag = TAG.matcher(header);
        if (!tag.matches()) {
            throw ProblemException.badRequest(
                    "invalid-if-match", "If-Match takes the ETag of the saga, such as \"7\", or *.");
        }
        return Long.valueOf(tag.group(1));
    }
}
