package dev.counterstep.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports that nobody listens on at the moment. */
final class FreePorts {

    private FreePorts() {}

    /** For a whole quickstart. */
    static Ports all() {
        return new Ports(inARow(ServiceProcess.values().length), one(), one());
    }

    static int one() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first of {@code count} free ports in a row. */
    private static int inARow(int count) {
        for (int attempt = 0; attempt < 100; attempt++) {
            int base = one();
            if (base + count <= 65_536 && areFree(base, count)) {
                return base;
            }
        }
        throw new IllegalStateException("no " + count + " free ports in a row");
    }

    private static boolean areFree(int base, int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int port = base; port < base + count; port++) {
                sockets.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
            }
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            sockets.forEach(FreePorts::close);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
