package dev.counterstep.web;

import java.util.Base64;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Where a page ended, as text that means nothing to the caller: the sort values of its last item. */
public final class Cursor {

    private static final String SEPARATOR = "\u001f";
    private static final int MOST_CHARS = 1024;

    private Cursor() {}

    /** The cursor past the item with these sort values. */
    public static String of(String... values) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.join(SEPARATOR, values).getBytes(UTF_8));
    }

    /**
     * Reads a cursor, null for none.
     *
     * @param cursor what {@link #of} made, or what a caller made of it
     * @param values makes the position of the sort values; whatever it throws means that they are not ours
     * @throws ProblemException 400 when the cursor is not ours
     */
    public static <T> @Nullable T read(@Nullable String cursor, Function<List<String>, T> values) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            if (cursor.length() <= MOST_CHARS) {
                String text = new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
                return values.apply(List.of(text.split(SEPARATOR, -1)));
            }
        } catch (RuntimeException e) {
            throw notOurs();
        }
        throw notOurs();
    }

    private static ProblemException notOurs() {
        return ProblemException.invalid(
                List.of(new FieldError("/cursor", "must be the nextCursor of an earlier answer to the same query")));
    }
}
