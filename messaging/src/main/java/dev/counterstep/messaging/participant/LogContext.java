package dev.counterstep.messaging.participant;

import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import dev.counterstep.messaging.Command;

/** Puts a command's saga, correlation id and trace on every line that is logged while it is handled. */
final class LogContext {

    private LogContext() {}

    static void run(Command command, Runnable work) {
        @Nullable Map<String, String> before = MDC.getCopyOfContextMap();
        enter(command);
        try {
            work.run();
        } finally {
            leave(before);
        }
    }

    static <T> T call(Command command, Callable<T> work) throws Exception {
        @Nullable Map<String, String> before = MDC.getCopyOfContextMap();
        enter(command);
        try {
            return work.call();
        } finally {
            leave(before);
        }
    }

    private static void enter(Command command) {
        MDC.put("sagaId", command.saga().sagaId().toString());
        MDC.put("correlationId", command.correlationId());
        if (command.traceparent() != null) {
            MDC.put("traceparent", command.traceparent());
        }
    }

    private static void leave(@Nullable Map<String, String> before) {
        if (before == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(before);
        }
    }
}
