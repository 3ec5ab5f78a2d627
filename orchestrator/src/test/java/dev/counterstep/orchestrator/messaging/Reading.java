package dev.counterstep.orchestrator.messaging;

import java.util.List;

import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.orchestrator.runtime.Arrival;

/** Reads messages as the consumers would, on a node that has none. */
public final class Reading {

    private Reading() {}

    /** What reading takes. No configuration class, or a scan would find it. */
    @Import({ArrivalReader.class, Topics.class})
    public static final class Parts {}

    /** What messages bring to the node of this context. */
    public static List<Arrival> of(ApplicationContext node, List<InboundMessage> messages) {
        ArrivalReader reader = node.getBean(ArrivalReader.class);
        return messages.stream()
                .flatMap(message -> reader.read(message).stream())
                .toList();
    }
}
