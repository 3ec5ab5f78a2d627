package dev.counterstep.orchestrator.definition;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads YAML, of which JSON is a part, into nodes that know where they stand. Nothing is constructed from it: no tags, no
 * anchors, no aliases.
 */
final class SourceText {

    /** The largest source, in bytes of UTF-8. */
    static final int MOST_BYTES = 64 * 1024;

    private static final int DEEPEST_NESTING = 16;

    private SourceText() {}

    /** The root of the source; null when it cannot be read, and then the problems say why. */
    static @Nullable Element read(String source, Problems problems) {
        int bytes = source.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            problems.add(atStart("a definition may have %d bytes, this one has %d".formatted(MOST_BYTES, bytes)));
            return null;
        }
        try {
            return compose(asYaml(source), problems);
        } catch (MarkedYAMLException cause) {
            problems.add(syntax(cause));
        } catch (YAMLException cause) {
            problems.add(atStart("cannot be read: " + cause.getMessage()));
        }
        return null;
    }

    private static @Nullable Element compose(String source, Problems problems) {
        for (Event event : yaml().parse(new StringReader(source))) {
            refuse(event, problems);
        }
        if (!problems.isEmpty()) {
            return null;
        }
        Node root = yaml().compose(new StringReader(source));
        if (root == null) {
            problems.add(atStart("the source is empty"));
            return null;
        }
        return new Element(root, "");
    }

    private static void refuse(Event event, Problems problems) {
        boolean isAnchored = event instanceof NodeEvent node && node.getAnchor() != null;
        if (event instanceof AliasEvent || isAnchored) {
            problems.add(at(event, "anchors and aliases are not supported: write the value out"));
        }
        if (event instanceof ScalarEvent scalar && scalar.getTag() != null) {
            problems.add(at(
                    event,
                    "the tag " + scalar.getTag().replace(Tag.PREFIX, "!!")
                            + " is not supported: write the plain value"));
        }
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MOST_BYTES);
        options.setNestingDepthLimit(DEEPEST_NESTING);
        return new Yaml(new SafeConstructor(options));
    }

    /**
     * YAML 1.2 has all of JSON, but the reader is one of YAML 1.1: in JSON, tabs may indent, and a slash may be escaped. A
     * source that begins with a brace has no use for a tab of another meaning.
     */
    private static String asYaml(String source) {
        if (!source.stripLeading().startsWith("{")) {
            return source;
        }
        StringBuilder yaml = new StringBuilder(source.length());
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\\' && i + 1 < source.length()) {
                char escaped = source.charAt(++i);
                yaml.append(escaped == '/' ? "/" : "\\" + escaped);
            } else {
                yaml.append(c == '\t' ? ' ' : c);
            }
        }
        return yaml.toString();
    }

    private static DefinitionProblem syntax(MarkedYAMLException cause) {
        int line = cause.getProblemMark() == null ? 1 : cause.getProblemMark().getLine() + 1;
        int column = cause.getProblemMark() == null ? 1 : cause.getProblemMark().getColumn() + 1;
        String problem = String.valueOf(cause.getProblem());
        return new DefinitionProblem(line, column, "", "not YAML: " + problem + hint(problem), null);
    }

    private static String hint(String problem) {
        if (problem.startsWith("mapping values are not allowed")) {
            return " (a value that has ': ' in it must be quoted, and the fields of a mapping are indented alike)";
        }
        if (problem.startsWith("expected <block end>")) {
            return " (the fields of a mapping are indented alike)";
        }
        if (problem.startsWith("expected ',' or")) {
            return problem.endsWith("<stream end>")
                    ? " (a bracket is not closed)"
                    : " (between { and }, a value that has brackets, quotes or commas in it must be quoted)";
        }
        return "";
    }

    private static DefinitionProblem at(Event event, String message) {
        return new DefinitionProblem(
                event.getStartMark().getLine() + 1, event.getStartMark().getColumn() + 1, "", message, null);
    }

    private static DefinitionProblem atStart(String message) {
        return new DefinitionProblem(1, 1, "", message, null);
    }
}
