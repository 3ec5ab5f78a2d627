package dev.counterstep.benchmark;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program that runs the engines we compare with: built by a profile of its own, started in JVMs of its own. */
final class PeersJar {

    private static final String NAME = "benchmark-peers/target/counterstep-benchmark-peers.jar";

    private PeersJar() {}

    /**
     * Where it is: in the module beside this one.
     *
     * @throws IllegalStateException that says how to build it when it is not there
     */
    static Path require() {
        Path jar = project().resolve(NAME);
        if (!Files.exists(jar)) {
            throw new IllegalStateException("There is no " + jar
                    + ": build it with ./mvnw -q -Ppeers -DskipTests -DskipITs package, and run it from there.");
        }
        return jar;
    }

    private static Path project() {
        try {
            Path here = Path.of(PeersJar.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return here.resolve("../../..")
                    .normalize(); // from benchmark/target/counterstep-benchmark.jar, or .../classes
        } catch (URISyntaxException e) {
            throw new IllegalStateException("it is not known where this program is", e);
        }
    }
}
