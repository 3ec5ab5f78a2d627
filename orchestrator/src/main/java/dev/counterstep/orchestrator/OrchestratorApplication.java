package dev.counterstep.orchestrator;

import java.util.Arrays;

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

    /** Starts it; with {@code verify} as the first argument, verifies its database instead and exits. */
    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(VerifyCommand.NAME)) {
            String[] properties = Arrays.copyOfRange(args, 1, args.length);
            System.exit(new VerifyCommand(System.out, System.err).run(properties));
        }
        builder().run(args);
    }
}
