package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A promise whose proof is nowhere to be found is none: what the documents link to is there. */
class DocumentLinksTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** A link to a Java file, whose text is code: a test, or a class. */
    private static final Pattern CODE = Pattern.compile("\\[`(\\w+)`]\\(([^)#]+\\.java)\\)");

    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");

    @Test
    void everyTestThatADocumentNamesExists() throws IOException {
        List<String> wrong = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            for (MatchResult link : links(CODE, document)) {
                links++;
                Path file = document.resolveSibling(link.group(2));
                if (!Files.exists(file) || !isIn(Files.readString(file), link.group(1))) {
                    wrong.add(ROOT.relativize(document) + ": " + link.group());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(links).as("links found").isGreaterThan(15);
    }

    @Test
    void everyFileThatADocumentLinksToExists() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path document : documents()) {
            for (MatchResult link : links(LINK, document)) {
                if (!link.group(1).contains("://") && !Files.exists(document.resolveSibling(link.group(1)))) {
                    wrong.add(ROOT.relativize(document) + ": " + link.group(1));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void nameThatIsNotInItsFileIsFoundOut() {
        String file = "/** What was once called paid. */\nclass OrderIT {\n    @Test\n    void placed() {}\n}";
        assertThat(isIn(file, "placed")).isTrue();
        assertThat(isIn(file, "OrderIT")).isTrue();
        assertThat(isIn(file, "paid")).isFalse();
        assertThat(isIn(file.replace("@Test", "@AfterEach"), "placed")).isFalse();
    }

    /** A lower-case name is a test method, whose annotations stand after the last empty line; any other is a type. */
    private static boolean isIn(String source, String name) {
        if (Character.isUpperCase(name.charAt(0))) {
            return Pattern.compile("\\b(class|interface|record|enum) " + name + "\\b")
                    .matcher(source)
                    .find();
        }
        int method = source.indexOf(" void " + name + "(");
        if (method < 0) {
            return false;
        }
        String annotations = source.substring(source.lastIndexOf("\n\n", method) + 1, method);
        return annotations.contains("@Test\n") || annotations.contains("@ParameterizedTest\n");
    }

    private static List<MatchResult> links(Pattern pattern, Path document) throws IOException {
        return pattern.matcher(Files.readString(document)).results().toList();
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"), 3)) {
            return Stream.concat(top, docs)
                    .filter(file ->
                            file.toString().endsWith(".md") && !file.toString().contains("node_modules"))
                    .sorted()
                    .toList();
        }
    }
}
