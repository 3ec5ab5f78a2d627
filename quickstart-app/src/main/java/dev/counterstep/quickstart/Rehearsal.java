package dev.counterstep.quickstart;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

import org.springframework.util.FileSystemUtils;

/**
 * Unpacks PostgreSQL's programs, then starts and stops everything once, on a folder and on ports that nobody else uses. {@code
 * ./quickstart} runs it after a build, in a JVM that archives the classes it has loaded when it exits: the real start need not
 * unpack the ones, nor read, check and link the others again.
 */
public final class Rehearsal {

    private static final int LOWEST_PORT = 15_000;
    private static final int HIGHEST_PORT = 32_000;
    private static final int MOST_TRIES = 100;

    private Rehearsal() {}

    /** Exits with 0 when all of it started. */
    public static void main(String[] arguments) throws Exception {
        PostgresBinaries.prepare();
        Path folder = Files.createTempDirectory("counterstep-rehearsal-");
        try (EmbeddedStack stack = EmbeddedStack.start(folder, freePorts(new Random()), List.of())) {
            stack.startServices(Map.of(), context -> {});
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
        System.exit(0); // whatever thread is left
    }

    private static int freePorts(RandomGenerator random) {
        for (int tries = 1; ; tries++) {
            int first = random.nextInt(LOWEST_PORT, HIGHEST_PORT);
            try {
                EmbeddedStack.portsFrom(first).requireFree();
                return first;
            } catch (StartException taken) {
                if (tries == MOST_TRIES) {
                    throw taken;
                }
            }
        }
    }
}
