package dev.counterstep.messaging.external;

import java.util.function.Supplier;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.counterstep.messaging.participant.RetryableException;

/**
 * Guards the calls to one system outside our database with circuit breakers, so that a system that is down is left alone for a
 * while and the commands that need it are answered at once: RETRYABLE, with the time after which asking again makes sense.
 *
 * <p>A system may have several circuits, one for each part that fails by itself; there are at most {@value #MAX_CIRCUITS}, and the
 * names beyond share one. A circuit counts whatever a call throws as a failure, except {@link IllegalStateException} and {@link
 * IllegalArgumentException}: those are answers, and say something about the caller.
 *
 * <p>The metric {@code saga.external.refusals} counts the calls that an open circuit refused. Thread-safe.
 */
public final class ExternalSystem {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalSystem.class);
    private static final int MAX_CIRCUITS = 16;
    private static final String OVERFLOW_CIRCUIT = "other";

    private final String name;
    private final CircuitProperties limits;
    private final CircuitBreakerRegistry circuits;

    /**
     * @param name what the system is called in log lines, metrics and refusals, for example {@code payment-gateway}
     * @param limits when its circuits open
     * @param metrics where refused calls are counted
     */
    public ExternalSystem(String name, CircuitProperties limits, MeterRegistry metrics) {
        this.name = name;
        this.limits = limits;
        this.circuits = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                .slidingWindowSize(limits.window())
                .minimumNumberOfCalls(Math.min(limits.minimumCalls(), limits.window()))
                .failureRateThreshold(limits.failureRate())
                .waitDurationInOpenState(limits.openFor())
                .permittedNumberOfCallsInHalfOpenState(limits.trialCalls())
                // A trial call that never comes back must not keep the circuit half open for ever.
                .maxWaitDurationInHalfOpenState(limits.openFor().multipliedBy(4))
                .ignoreExceptions(IllegalStateException.class, IllegalArgumentException.class)
                .build());
        circuits.getEventPublisher().onEntryAdded(added -> observe(added.getAddedEntry(), metrics));
    }

    /**
     * Makes one call through a circuit.
     *
     * @throws RetryableException without calling, when the circuit is open: the command is to be tried again when the circuit is
     */
    public <T> T call(String circuit, Supplier<T> call) {
        try {
            return circuit(circuit).executeSupplier(call);
        } catch (CallNotPermittedException open) {
            throw new RetryableException(name + " is failing and is left alone for a while", limits.openFor());
        }
    }

    private CircuitBreaker circuit(String circuit) {
        return circuits.find(circuit).orElseGet(() -> newCircuit(circuit));
    }

    private synchronized CircuitBreaker newCircuit(String circuit) {
        boolean full = circuits.getAllCircuitBreakers().size() >= MAX_CIRCUITS - 1;
        return circuits.circuitBreaker(full ? OVERFLOW_CIRCUIT : circuit);
    }

    private void observe(CircuitBreaker circuit, MeterRegistry metrics) {
        var refusals = metrics.counter("saga.external.refusals", "system", name, "circuit", circuit.getName());
        circuit.getEventPublisher()
                .onCallNotPermitted(event -> refusals.increment())
                .onStateTransition(
                        event -> LOG.warn("circuit {} of {}: {}", circuit.getName(), name, event.getStateTransition()));
    }
}
