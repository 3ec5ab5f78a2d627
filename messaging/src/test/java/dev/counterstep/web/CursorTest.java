package dev.counterstep.web;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CursorTest {

    @Test
    void cursorComesBackAsItWent() {
        String cursor = Cursor.of("2026-01-01T00:00:00Z", "", "ä/+ ?");

        assertThat(cursor).matches("[A-Za-z0-9_-]+");
        assertThat(Cursor.<List<String>>read(cursor, Function.identity()))
                .containsExactly("2026-01-01T00:00:00Z", "", "ä/+ ?");
    }

    @Test
    void noCursorIsTheBeginning() {
        assertThat(Cursor.<List<String>>read(null, Function.identity())).isNull();
        assertThat(Cursor.<List<String>>read("", Function.identity())).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "abc", "AAAA", "ä"})
    void cursorThatIsNotOursIsRefused(String cursor) {
        assertThatThrownBy(() -> Cursor.read(cursor, values -> UUID.fromString(values.get(0))))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.errors())
                                .extracting(FieldError::pointer)
                                .containsExactly("/cursor"));
    }

    @Test
    void longCursorIsNotEvenRead() {
        assertThatThrownBy(() -> Cursor.<List<String>>read("A".repeat(1025), Function.identity()))
                .isInstanceOf(ProblemException.class);
    }
}
