package dev.counterstep.web;

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items the page
 * @param nextCursor what to pass as {@code cursor} to get the next one; null when this is the last
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

    /** Items of a page when the caller names no limit. */
    public static final int DEFAULT_LIMIT = 50;

    /** Most items of a page. */
    public static final int MOST = 200;

    /**
     * The page of what was read with one item more than {@code limit}, which tells whether there is a next page.
     *
     * @param read up to {@code limit + 1} items
     * @param limit the size of a page
     * @param cursor the cursor that leads past an item
     */
    public static <T> Page<T> of(List<T> read, int limit, Function<T, String> cursor) {
        if (read.size() <= limit) {
            return new Page<>(List.copyOf(read), null);
        }
        List<T> items = List.copyOf(read.subList(0, limit));
        return new Page<>(items, cursor.apply(items.get(limit - 1)));
    }

    /**
     * The limit a caller asked for, {@value #DEFAULT_LIMIT} when null.
     *
     * @throws ProblemException 400 when it is not from 1 to {@value #MOST}
     */
    public static int limit(@Nullable Integer wanted) {
        if (wanted == null) {
            return DEFAULT_LIMIT;
        }
        if (wanted < 1 || wanted > MOST) {
            throw ProblemException.invalid(List.of(new FieldError("/limit", "must be from 1 to " + MOST)));
        }
        return wanted;
    }
}
