package dev.counterstep.web;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PageTest {

    @Test
    void oneItemMoreThanTheLimitMeansThereIsANextPage() {
        assertThat(Page.of(List.of("a", "b", "c"), 2, item -> "after " + item))
                .isEqualTo(new Page<>(List.of("a", "b"), "after b"));
    }

    @Test
    void lastPageHasNoCursor() {
        assertThat(Page.of(List.of("a", "b"), 2, item -> item)).isEqualTo(new Page<>(List.of("a", "b"), null));
        assertThat(Page.of(List.<String>of(), 2, item -> item)).isEqualTo(new Page<String>(List.of(), null));
    }

    @Test
    void limitIsFrom1To200And50ByItself() {
        assertThat(Page.limit(null)).isEqualTo(50);
        assertThat(Page.limit(1)).isEqualTo(1);
        assertThat(Page.limit(200)).isEqualTo(200);
        assertThatThrownBy(() -> Page.limit(0)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> Page.limit(201)).isInstanceOf(ProblemException.class);
    }
}
