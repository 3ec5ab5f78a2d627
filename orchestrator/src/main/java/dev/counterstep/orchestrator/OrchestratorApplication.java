package dev.counterstep.orchestrator;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The orchestrator's process: engine, REST API, and the saga log in database {@code orchestrator}. */
@SpringBootApplication
public class OrchestratorApplication {

    /** The application, for whoever runs it: {@link #main}, or a process with several services on its class path. */
    public static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(OrchestratorApplication.class)
                .properties("spring.config.name=orchestrator");
    }

    /** Starts it. */
    public static void main(String[] args) {
        builder().run(args);
    }
}
