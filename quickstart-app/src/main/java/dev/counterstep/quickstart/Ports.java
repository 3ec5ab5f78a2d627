package dev.counterstep.quickstart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Where everything listens, always on 127.0.0.1.
 *
 * @param httpBase the orchestrator's port; the four services have the next four
 */
record Ports(int httpBase, int postgres, int kafka) {

    static final Ports DEFAULT = new Ports(8000, 15432, 19092);

    /**
     * Makes sure that nobody else listens on any of them.
     *
     * @throws StartException that names the first one taken and the option that changes it
     */
    void requireFree() {
        for (ServiceProcess process : ServiceProcess.values()) {
            requireFree(process.port(httpBase), process.title(), "--http-port-base=" + (httpBase + 100));
        }
        requireFree(postgres, "PostgreSQL", "--postgres-port=" + (postgres + 1));
        requireFree(kafka, "Kafka", "--kafka-port=" + (kafka + 1));
    }

    private static void requireFree(int port, String whose, String remedy) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            socket.getLocalPort();
        } catch (IOException e) {
            throw new StartException(
                    "Port " + port + ", meant for " + whose
                            + ", is taken: end the program that listens on it, or choose another, for example with "
                            + remedy + ".",
                    e);
        }
    }
}
