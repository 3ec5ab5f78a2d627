package dev.counterstep.orchestrator.runtime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.messaging.outbox.Outbox;
import dev.counterstep.orchestrator.persistence.SagaKey;
import dev.counterstep.orchestrator.persistence.SagaStore.Locked;
import dev.counterstep.storage.RoundTrip;

/**
 * Applies events to sagas: {@code lock → decide → save → append}, one transaction for a whole batch.
 *
 * <ol>
 *   <li><b>lock</b>: all rows the batch is about, in the order of their ids, in one statement.
 *   <li><b>decide</b>: the core decides on each event in turn, in memory; the events of one saga in the order given. What
 *       cannot be handled is set aside.
 *   <li><b>save</b>: one INSERT for the new sagas, one UPDATE for the changed ones. A saga that only ignored a reply is not
 *       touched.
 *   <li><b>append</b>: one INSERT into the log, one into the outbox: commands, {@code saga.events}, dead letters. They and the
 *       rows are saved in one round trip.
 * </ol>
 *
 * <p>A saga whose definition this node cannot read is left alone: its messages are held, in the batch's transaction, for a node
 * that can, its timers fire there.
 *
 * <p>Nothing here needs to happen once: an event that comes again is ignored by the core, a start that comes again finds its
 * saga. Should another node start one of the batch's sagas meanwhile, or a deadlock be broken at our cost, the batch is decided
 * anew. Should the database refuse a batch for what is in it, its halves are tried, down to the event that is to blame, which
 * is then set aside. Any other error is thrown, and nothing was stored that must not come again.
 *
 * <p>Safe for use by several threads and several nodes.
 */
@Service
public class SagaCoordinator {

    private static final Logger LOG = LoggerFactory.getLogger(SagaCoordinator.class);

    /** How often a batch is decided anew before the caller has to wait and try again. */
    private static final int MOST_TRIES = 5;

    private final SagaTables tables;
    private final Outbox outbox;
    private final TransactionTemplate transactions;
    private final SagaDecisions decisions;
    private final SagaReports reports;

    SagaCoordinator(
            SagaTables tables,
            Outbox outbox,
            PlatformTransactionManager transactions,
            SagaDecisions decisions,
            SagaReports reports) {
        this.tables = tables;
        this.outbox = outbox;
        this.transactions = new TransactionTemplate(transactions);
        this.decisions = decisions;
        this.reports = reports;
    }

    /**
     * Handles a batch. When it returns, everything is committed.
     *
     * @return what became of each arrival, in their order
     * @throws org.springframework.dao.DataAccessException when the database cannot be reached or is overloaded; the same batch
     *     can be given again
     */
    public List<Handled> handle(List<Arrival> arrivals) {
        if (arrivals.isEmpty()) {
            return List.of();
        }
        try {
            return commit(() -> lock(arrivals), locked -> arrivals);
        } catch (DataIntegrityViolationException refused) {
            return inHalves(arrivals, refused);
        }
    }

    /**
     * Handles messages that a node held because it could not read the definitions they need, and that this one can.
     *
     * @param reader what a message brings
     * @param most how many at most
     * @return how many were taken; 0 when there is nothing left to take
     * @throws org.springframework.dao.DataAccessException when the database cannot be reached or is overloaded
     */
    public int handleHeld(Function<InboundMessage, List<Arrival>> reader, int most) {
        if (!tables.held().isAnyReadable(decisions.unreadable())) {
            return 0;
        }
        List<InboundMessage> taken = new ArrayList<>();
        List<Arrival> arrivals = new ArrayList<>();
        try {
            commit(
                    () -> {
                        taken.clear();
                        arrivals.clear();
                        taken.addAll(tables.held().take(decisions.unreadable(), most));
                        taken.forEach(message -> arrivals.addAll(reader.apply(message)));
                        return lock(arrivals);
                    },
                    locked -> arrivals);
            return taken.size();
        } catch (DataIntegrityViolationException refused) {
            return most == 1 ? setHeldAside(reader, refused) : handleHeld(reader, most / 2);
        }
    }

    private int setHeldAside(Function<InboundMessage, List<Arrival>> reader, DataIntegrityViolationException refused) {
        return Objects.requireNonNull(transactions.execute(status -> {
            List<InboundMessage> taken = tables.held().take(decisions.unreadable(), 1);
            taken.forEach(message -> reader.apply(message).forEach(arrival -> setAside(arrival, refused)));
            return taken.size();
        }));
    }

    /** Whether a timer is due that this node may fire. */
    boolean isAnyDue() {
        return tables.sagas().isAnyDue(decisions.unreadable());
    }

    /**
     * Fires the timers that were due by some time, at most so many; those of sagas that another node holds at the moment, or
     * whose definition only another node can read, are its business.
     *
     * @return how many were fired
     */
    int fireTimers(Instant until, int most) {
        List<Arrival> fired = new ArrayList<>();
        try {
            return commit(() -> tables.sagas().lockDue(until, decisions.unreadable(), most), locked -> {
                        fired.clear();
                        locked.sagas()
                                .forEach(saga -> fired.add(
                                        new Arrival.Timer(saga.instance().id())));
                        return fired;
                    })
                    .size();
        } catch (DataIntegrityViolationException refused) {
            return inHalves(fired, refused).size();
        }
    }

    private Locked lock(List<Arrival> arrivals) {
        Set<UUID> ids = new LinkedHashSet<>();
        Set<SagaKey> keys = new LinkedHashSet<>();
        arrivals.forEach(arrival -> collect(arrival, ids, keys));
        return tables.sagas().lock(ids, keys);
    }

    private static void collect(Arrival arrival, Set<UUID> ids, Set<SagaKey> keys) {
        if (arrival instanceof Arrival.Reply reply) {
            ids.add(reply.sagaId());
        } else if (arrival instanceof Arrival.Start start) {
            keys.add(start.key());
        } else if (arrival instanceof Arrival.Timer timer) {
            ids.add(timer.sagaId());
        } else if (arrival instanceof Arrival.Cancel cancel) {
            cancel.candidates().forEach(candidate -> keys.add(candidate.key()));
        } else if (arrival instanceof Arrival.Operation operation) {
            ids.add(operation.sagaId());
        }
    }

    private List<Handled> commit(Supplier<Locked> lock, Function<Locked, List<Arrival>> arrivals) {
        for (int tries = 1; ; tries++) {
            try {
                return tryCommit(lock, arrivals);
            } catch (ConcurrencyFailureException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
                LOG.debug("deciding anew: {}", e.getMessage());
            }
        }
    }

    private List<Handled> tryCommit(Supplier<Locked> lock, Function<Locked, List<Arrival>> arrivals) {
        List<Handled> handled = new ArrayList<>();
        SagaBatch committed = Objects.requireNonNull(transactions.execute(status -> {
            Locked locked = lock.get();
            SagaBatch batch = decisions.begin(locked);
            arrivals.apply(locked).forEach(arrival -> handled.add(batch.handle(arrival)));
            save(batch);
            return batch;
        }));
        reports.committed(committed);
        return handled;
    }

    private void save(SagaBatch batch) {
        RoundTrip trip = new RoundTrip();
        tables.save(batch.sagas(), trip);
        outbox.append(batch.outbound(), trip);
        tables.held().hold(batch.held());
    }

    private List<Handled> inHalves(List<Arrival> arrivals, DataIntegrityViolationException refused) {
        if (arrivals.size() == 1) {
            return List.of(setAside(arrivals.get(0), refused));
        }
        int half = arrivals.size() / 2;
        List<Handled> handled = new ArrayList<>(handle(List.copyOf(arrivals.subList(0, half))));
        handled.addAll(handle(List.copyOf(arrivals.subList(half, arrivals.size()))));
        return handled;
    }

    private Handled setAside(Arrival arrival, DataIntegrityViolationException refused) {
        LOG.error("the database refuses what {} leads to", arrival.getClass().getSimpleName(), refused);
        PoisonMessageException why =
                new PoisonMessageException("refused-by-database", "what it leads to breaks a rule of the database");
        Set<UUID> ids = new LinkedHashSet<>();
        collect(arrival, ids, new LinkedHashSet<>());
        return Objects.requireNonNull(transactions.execute(status -> {
            SagaBatch batch = decisions.begin(tables.sagas().lock(ids, Set.of()));
            Handled handled = batch.setAside(arrival, why, refused);
            save(batch);
            return handled;
        }));
    }
}
