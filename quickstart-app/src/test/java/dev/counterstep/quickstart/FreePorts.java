package dev.counterstep.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that nobody listens on at the moment. They lie below those that systems give to outgoing connections, so that a
 * process that is stopped and started again finds its ports still free. Each of the build's JVMs has a range of its own.
 */
final class FreePorts {

    private static final int RANGE = 8_000;
    private static final int LOWEST = 15_000 + RANGE * (Integer.getInteger("fork", 1) % 2);
    private static final int HIGHEST = LOWEST + RANGE;
    private static final AtomicInteger NEXT = new AtomicInteger(new Random().nextInt(LOWEST, HIGHEST));

    private FreePorts() {}

    /** For a whole quickstart. */
    static Ports all() {
        return new Ports(inARow(ServiceProcess.values().length), one(), one());
    }

    static int one() {
        return inARow(1);
    }

    /** The first of {@code count} free ports in a row, none of which was handed out before. */
    private static int inARow(int count) {
        for (int attempt = 0; attempt < 1000; attempt++) {
            int base = NEXT.getAndAdd(count);
            if (base + count > HIGHEST) {
                NEXT.set(LOWEST);
            } else if (areFree(base, count)) {
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
