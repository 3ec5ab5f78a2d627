package dev.counterstep.quickstart;

import java.nio.file.Path;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * One log for everything in this JVM: all of it in a file, only warnings on the terminal. The five Spring applications would
 * otherwise each configure Logback anew.
 */
final class Logging {

    private static final String LEVEL = "logging.level.";

    private Logging() {}

    /** To be called before anything in this JVM logs. Spring's {@code logging.level.*} is honoured. */
    static void into(Path folder, Map<String, String> properties) {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        System.setProperty("logback.configurationFile", "quickstart-logback.xml");
        System.setProperty("counterstep.log.folder", folder.toString());
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install(); // Tomcat and the PostgreSQL driver log with java.util.logging
        properties.forEach((name, value) -> {
            if (name.startsWith(LEVEL)) {
                setLevel(name.substring(LEVEL.length()), value);
            }
        });
    }

    static void error(String message, Throwable e) {
        LoggerFactory.getLogger(Logging.class).error(message, e);
    }

    private static void setLevel(String logger, String level) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context) {
            context.getLogger(logger).setLevel(Level.toLevel(level));
        }
    }
}
