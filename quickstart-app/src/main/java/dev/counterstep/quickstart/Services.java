package dev.counterstep.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The five Spring contexts. They share the JVM and its class path, and otherwise meet only through Kafka. */
final class Services implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Services.class);
    private static final int CLOSE_LIMIT_SECONDS = 6;

    private final ServiceSettings settings;
    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

    Services(ServiceSettings settings) {
        this.settings = settings;
    }

    /** Starts one service and returns when it takes requests. */
    void start(ServiceProcess process) {
        start(process.application(), process);
    }

    /** Starts one service as {@code application} has prepared it, and returns its context when it takes requests. */
    ConfigurableApplicationContext start(SpringApplicationBuilder application, ServiceProcess process) {
        ConfigurableApplicationContext context = application
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false) // the order in which things stop is ours
                .run(arguments(settings.of(process)));
        synchronized (contexts) {
            contexts.add(context);
        }
        return context;
    }

    /** Stops all at once: each finishes what it is doing. */
    @Override
    public void close() {
        List<ConfigurableApplicationContext> closing;
        synchronized (contexts) {
            closing = List.copyOf(contexts);
            contexts.clear();
        }
        ExecutorService closers = Executors.newCachedThreadPool();
        closing.forEach(context -> closers.execute(context::close));
        closers.shutdown();
        try {
            if (!closers.awaitTermination(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                log.warn(
                        "Not every service stopped within {} s; what they left is taken up at the next start",
                        CLOSE_LIMIT_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String[] arguments(Map<String, String> properties) {
        return properties.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
    }
}
