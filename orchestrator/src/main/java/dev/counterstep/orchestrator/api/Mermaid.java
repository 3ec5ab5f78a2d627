package dev.counterstep.orchestrator.api;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaStep;

/** Draws a definition as a Mermaid flowchart: groups from top to bottom, the steps of a group side by side. */
final class Mermaid {

    private Mermaid() {}

    static String flowchart(SagaDefinition definition) {
        List<String> lines = new ArrayList<>();
        lines.add("flowchart TD");
        lines.add("    begin((start))");
        List<List<SagaStep>> groups = definition.groups();
        String previous = "begin";
        for (int group = 0; group < groups.size(); group++) {
            List<String> names = new ArrayList<>();
            for (int step = 0; step < groups.get(group).size(); step++) {
                String name = "s" + (group + 1) + (char) ('a' + step % 26) + (step < 26 ? "" : step / 26);
                names.add(name);
                lines.add("    " + name + node(groups.get(group).get(step)));
            }
            String all = String.join(" & ", names);
            lines.add("    " + previous + " --> " + all);
            previous = all;
        }
        lines.add("    " + previous + " --> done((end))");
        return String.join("\n", lines) + "\n";
    }

    /** A pivot is a hexagon, a retriable step is rounded. */
    private static String node(SagaStep step) {
        String label = "\"" + label(step) + "\"";
        return switch (step.kind()) {
            case COMPENSATABLE -> "[" + label + "]";
            case PIVOT -> "{{" + label + "}}";
            case RETRIABLE -> "(" + label + ")";
        };
    }

    /** Ids and types are letters, digits, dots and hyphens: nothing in them needs escaping. */
    private static String label(SagaStep step) {
        List<String> parts = new ArrayList<>();
        parts.add("<b>" + step.id() + "</b>");
        if (step.action() != null) {
            parts.add(step.participant() + ": " + step.action());
        }
        if (step.compensation() != null) {
            parts.add("undo: " + step.compensation());
        }
        return parts.stream().collect(Collectors.joining("<br/>"));
    }
}
