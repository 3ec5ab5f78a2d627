package dev.counterstep.orchestrator.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** Guesses which known word was meant by an unknown one. */
final class Words {

    private Words() {}

    /** The nearest known word, at most a third of its letters away and quoted; null when none is near. */
    static @Nullable String nearest(String word, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(plain(word), plain(candidate)) <= Math.max(1, candidate.length() / 3))
                .min(Comparator.comparingInt(candidate -> distance(plain(word), plain(candidate))))
                .map(Words::quoted)
                .orElse(null);
    }

    static String quoted(String word) {
        return "'" + word + "'";
    }

    /** {@code 'a', 'b', 'c'}. */
    static String list(Collection<String> words) {
        return words.stream().map(Words::quoted).collect(Collectors.joining(", "));
    }

    /** What a slip of the shift key or of the naming style leaves equal. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[_. -]", "");
    }

    /** Levenshtein's distance: letters to insert, remove or replace. */
    private static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
