package dev.counterstep.messaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A wire that a test can cut and mend: it forwards a random loopback port to a server.
 *
 * <p>While cut, every open connection is closed and every new one is closed as soon as it is accepted; the port stays ours,
 * so that mending needs no luck. Thread-safe; all threads are daemons.
 */
public final class TcpProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final Supplier<InetSocketAddress> target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean cut;

    private TcpProxy(ServerSocket listener, Supplier<InetSocketAddress> target) {
        this.listener = listener;
        this.target = target;
    }

    /**
     * Starts forwarding.
     *
     * @param target the server's address, asked at each connection, so that it may start after the proxy
     */
    public static TcpProxy to(Supplier<InetSocketAddress> target) {
        try {
            TcpProxy proxy = new TcpProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
            start("accept", proxy::acceptUntilClosed);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The loopback port to connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Closes every connection and lets no new one through. */
    public void cut() {
        cut = true;
        sockets.forEach(TcpProxy::closeQuietly);
    }

    /** How many connections came while it was cut, and were closed. */
    public int refused() {
        return refused.get();
    }

    /** Lets connections through again. */
    public void restore() {
        cut = false;
    }

    @Override
    public void close() {
        cut();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void acceptUntilClosed() {
        while (!listener.isClosed()) {
            try {
                forward(listener.accept());
            } catch (IOException e) {
                // The listener was closed (the loop ends), or the server is not there: the client has been cut off.
            }
        }
    }

    private void forward(Socket client) throws IOException {
        sockets.add(client);
        Socket server = new Socket();
        sockets.add(server);
        try {
            if (!cut) {
                server.connect(target.get());
            }
        } catch (IOException e) {
            closeBoth(client, server);
            throw e;
        }
        if (cut) { // asked after registering both: a cut either sees them or is seen here
            closeBoth(client, server);
            refused.incrementAndGet();
            return;
        }
        start("up", () -> pump(client, server));
        start("down", () -> pump(server, client));
    }

    private void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side hung up; the other is told by closing.
        } finally {
            closeBoth(from, to);
        }
    }

    private void closeBoth(Socket one, Socket other) {
        closeQuietly(one);
        closeQuietly(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is closed.
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, "tcp-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
