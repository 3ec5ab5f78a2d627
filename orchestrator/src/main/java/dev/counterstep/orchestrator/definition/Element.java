package dev.counterstep.orchestrator.definition;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A value in a definition's source, and where it is.
 *
 * @param node the value; its marks are 0-based
 * @param pointer the JSON pointer to it
 */
record Element(Node node, String pointer) {

    Element child(String field, Node value) {
        return new Element(value, pointer + "/" + field.replace("~", "~0").replace("/", "~1"));
    }

    Element child(int index, Node value) {
        return new Element(value, pointer + "/" + index);
    }

    int line() {
        return node.getStartMark().getLine() + 1;
    }

    int column() {
        return node.getStartMark().getColumn() + 1;
    }

    /** What it is, in words. */
    String description() {
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        return node.getTag().equals(Tag.NULL) ? "nothing" : Words.quoted(((ScalarNode) node).getValue());
    }

    /** Its text as written, be it a word, a number or quoted. */
    boolean isText() {
        return node instanceof ScalarNode && !node.getTag().equals(Tag.NULL);
    }

    /** @throws ClassCastException unless it is a text */
    String text() {
        return ((ScalarNode) node).getValue();
    }

    /** Written in quotes, so that a bare word is a text in its author's eyes. */
    boolean isQuoted() {
        return node instanceof ScalarNode scalar
                && (scalar.getScalarStyle() == ScalarStyle.SINGLE_QUOTED
                        || scalar.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED);
    }

    /** Written without quotes and on one line, so that it may be read as a number, true, false or null. */
    boolean isBare() {
        return node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN;
    }

    /** How many columns its text starts after the value: a quote, or nothing. */
    int textOffset() {
        return isQuoted() ? 1 : 0;
    }

    /** True when the text stands in the source letter by letter, so that a place within it is a place in the source. */
    boolean isVerbatim() {
        int width = node.getEndMark().getIndex() - node.getStartMark().getIndex();
        return isText() && width == text().length() + 2 * textOffset() && text().indexOf('\n') < 0;
    }
}
