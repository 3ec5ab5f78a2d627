package dev.counterstep.orchestrator.persistence;

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/** The columns of a batch, each one array: what {@code unnest} takes. */
record Columns<T>(List<T> rows) {

    /** One text per row; PostgreSQL casts uuids, instants and JSON from it. */
    @Nullable
    String[] texts(Function<T, @Nullable Object> column) {
        @Nullable String[] texts = new String[rows.size()];
        for (int i = 0; i < texts.length; i++) {
            Object value = column.apply(rows.get(i));
            texts[i] = value == null ? null : value.toString();
        }
        return texts;
    }

    @Nullable
    Long[] numbers(Function<T, @Nullable Number> column) {
        @Nullable Long[] numbers = new Long[rows.size()];
        for (int i = 0; i < numbers.length; i++) {
            Number value = column.apply(rows.get(i));
            numbers[i] = value == null ? null : Long.valueOf(value.longValue());
        }
        return numbers;
    }
}
