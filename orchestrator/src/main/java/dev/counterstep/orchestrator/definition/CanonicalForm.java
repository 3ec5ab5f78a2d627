package dev.counterstep.orchestrator.definition;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The content of a source without its form: fields in the order of their names, every scalar by its length and text. Layout,
 * comments, quotes, the order of fields, and whether it is YAML or JSON, make no difference; nor does the example, which
 * changes nothing that is done.
 */
final class CanonicalForm {

    private static final String EXAMPLE = of("example");

    private CanonicalForm() {}

    /** SHA-256 of the canonical form of a definition, lower-case hex. */
    static String checksum(Node root) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String content = of(fields((MappingNode) root, EXAMPLE));
            return HexFormat.of().formatHex(digest.digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException cause) {
            throw new IllegalStateException("every Java has SHA-256", cause);
        }
    }

    private static String of(Node node) {
        if (node instanceof MappingNode mapping) {
            return of(fields(mapping, null));
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().stream().map(CanonicalForm::of).collect(Collectors.joining(",", "[", "]"));
        }
        return of(((ScalarNode) node).getValue());
    }

    private static String of(String text) {
        return text.length() + ":" + text;
    }

    private static String of(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static Map<String, String> fields(MappingNode mapping, @Nullable String except) {
        Map<String, String> fields = new TreeMap<>();
        mapping.getValue().forEach(entry -> fields.put(of(entry.getKeyNode()), of(entry.getValueNode())));
        if (except != null) {
            fields.remove(except);
        }
        return fields;
    }
}
