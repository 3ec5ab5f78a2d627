package dev.counterstep.orchestrator.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** A seed that failed once, and what it found. */
record KeptSeed(long seed, String found) {

    /** All of them, from {@code kept-seeds.txt}: a seed, {@code #}, what it found. */
    static List<KeptSeed> all() throws IOException {
        try (InputStream file = Objects.requireNonNull(KeptSeed.class.getResourceAsStream("kept-seeds.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("#", 2))
                    .map(parts -> new KeptSeed(Long.parseLong(parts[0].strip()), parts[1].strip()))
                    .toList();
        }
    }

    @Override
    public String toString() {
        return seed + ": " + found;
    }
}
