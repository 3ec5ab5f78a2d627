package dev.counterstep.storage;

import java.util.Collection;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/** The columns of a batch of rows, each one array: what {@code unnest} takes, so that one statement writes many rows. */
public final class Columns {

    private Columns() {}

    /**
     * One column. PostgreSQL casts it from text: {@code ?::uuid[]}, {@code ?::timestamptz[]}, {@code ?::jsonb[]}, a number's array.
     *
     * @param value of a row in this column; null stays null, anything else is what its {@code toString} says
     * @return one text for each row, in their order
     */
    public static <T> @Nullable String[] texts(
            Collection<T> rows, Function<? super T, ? extends @Nullable Object> value) {
        @Nullable String[] texts = new String[rows.size()];
        int i = 0;
        for (T row : rows) {
            Object content = value.apply(row);
            texts[i++] = content == null ? null : content.toString();
        }
        return texts;
    }
}
