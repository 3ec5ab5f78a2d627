package dev.counterstep.orchestrator.definition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Finds the definitions that are there at start: those in the jar, then those in the mounted folder. */
final class DefinitionFiles {

    private static final String SHIPPED = "classpath*:/sagas/*.yaml";

    private DefinitionFiles() {}

    /**
     * A file.
     *
     * @param name what to call it in errors
     * @param content its text
     */
    record DefinitionFile(String name, String content) {}

    /** @throws UncheckedIOException when one cannot be read, or the folder is none */
    static List<DefinitionFile> load(@Nullable Path folder) {
        try {
            List<DefinitionFile> files = new ArrayList<>(shipped());
            if (folder != null) {
                files.addAll(mounted(folder));
            }
            return files;
        } catch (IOException cause) {
            throw new UncheckedIOException("saga definitions cannot be read: " + cause.getMessage(), cause);
        }
    }

    private static List<DefinitionFile> shipped() throws IOException {
        List<DefinitionFile> files = new ArrayList<>();
        for (Resource resource : new PathMatchingResourcePatternResolver().getResources(SHIPPED)) {
            files.add(new DefinitionFile(
                    "sagas/" + resource.getFilename(), resource.getContentAsString(StandardCharsets.UTF_8)));
        }
        return files;
    }

    private static List<DefinitionFile> mounted(Path folder) throws IOException {
        List<DefinitionFile> files = new ArrayList<>();
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path :
                    paths.filter(DefinitionFiles::isDefinition).sorted().toList()) {
                files.add(new DefinitionFile(path.toString(), text(path)));
            }
        }
        return files;
    }

    private static boolean isDefinition(Path path) {
        return path.getFileName().toString().matches("[^.].*\\.(yaml|yml|json)") && Files.isRegularFile(path);
    }

    /** Of a file that is far too long, as much as shows that it is. */
    private static String text(Path path) throws IOException {
        try (var input = Files.newInputStream(path)) {
            return new String(input.readNBytes(SourceText.MOST_BYTES + 1), StandardCharsets.UTF_8);
        }
    }
}
