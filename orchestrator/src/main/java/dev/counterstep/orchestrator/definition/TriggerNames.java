package dev.counterstep.orchestrator.definition;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** The events that a definition names, as far as a node can tell which cannot read the definition. */
final class TriggerNames {

    private static final List<String> TRIGGERS = List.of("start", "cancel");

    private TriggerNames() {}

    /**
     * An event by its name.
     *
     * @param topic where it is read
     * @param type its type
     */
    record TriggerName(String topic, String type) {}

    static Set<TriggerName> of(String source) {
        Set<TriggerName> names = new LinkedHashSet<>();
        Element root = SourceText.read(source, new Problems());
        for (String trigger : root == null ? List.<String>of() : TRIGGERS) {
            Element event = child(root, trigger);
            Element topic = child(event, "topic");
            Element type = child(event, "type");
            if (topic != null && type != null && topic.isText() && type.isText()) {
                names.add(new TriggerName(topic.text(), type.text()));
            }
        }
        return names;
    }

    private static @Nullable Element child(@Nullable Element owner, String field) {
        if (owner == null || !(owner.node() instanceof MappingNode mapping)) {
            return null;
        }
        return mapping.getValue().stream()
                .filter(entry -> entry.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(field))
                .map(entry -> owner.child(field, entry.getValueNode()))
                .findFirst()
                .orElse(null);
    }
}
