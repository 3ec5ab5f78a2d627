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

    /** Letters to insert, remove, replace, or swap with their neighbour. */
    private static int distance(String from, String to) {
        int[][] distances = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                distances[i][j] = i == 0 || j == 0 ? i + j : distance(from, to, i, j, distances);
            }
        }
        return distances[from.length()][to.length()];
    }

    private static int distance(String from, String to, int i, int j, int[][] known) {
        int replaced = known[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int nearest = Math.min(replaced, Math.min(known[i - 1][j], known[i][j - 1]) + 1);
        boolean isSwapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return isSwapped ? Math.min(nearest, known[i - 2][j - 2] + 1) : nearest;
    }
}
