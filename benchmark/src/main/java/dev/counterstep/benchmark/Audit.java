package dev.counterstep.benchmark;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.counterstep.benchmark.load.NewOrders;
import dev.counterstep.migrations.ServiceDatabase;
import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.persistence.SagaVerifier.Difference;

/**
 * Whether everything adds up once all orders have ended: a system that is fast and wrong is not measured.
 *
 * @param completed orders that ended well
 * @param cancelled orders whose payment was refused
 * @param violations what does not add up, empty when all does
 */
record Audit(long completed, long cancelled, List<String> violations) {

    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(20);
    private static final long LOOK_MILLIS = 200;
    private static final String BY_STATUS = "SELECT status, count(*) FROM %s GROUP BY 1";
    private static final String STOCK = """
            SELECT 'reserved', sum(reserved) FROM product WHERE id LIKE 'bench-%'
            UNION ALL SELECT 'total', sum(available::bigint + reserved) FROM product WHERE id LIKE 'bench-%'""";
    private static final String GATEWAY = "SELECT outcome, count(*) FROM gateway_entry GROUP BY 1";
    private static final String CARRIER = "SELECT outcome, count(*) FROM carrier_entry GROUP BY 1";
    private static final String UNDER_WAY = "SELECT 'open', count(*) FROM open_saga";
    private static final String LOG = """
            SELECT kind, count(*) FROM saga_log WHERE kind IN ('SAGA_STARTED', 'SAGA_COMPLETED', 'SAGA_COMPENSATED')
            GROUP BY 1""";

    /**
     * Looks at every database until everything adds up, for a while: a saga hears of its order's end after the order has ended.
     *
     * @param placed how many orders were accepted, at the least
     */
    static Audit settled(SystemKind kind, Postgres postgres, long placed) throws SQLException, InterruptedException {
        long giveUpAt = System.nanoTime() + SETTLE_LIMIT.toNanos();
        Audit audit = of(kind, postgres, placed);
        while (!audit.violations().isEmpty() && System.nanoTime() < giveUpAt) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            audit = of(kind, postgres, placed);
        }
        return audit;
    }

    /** The same, and what of the sagas' logs does not fold to their rows; the floor has no logs of that kind. */
    Audit withFold(Postgres postgres) {
        Difference difference = SagaVerifier.of(postgres.dataSource(ServiceDatabase.ORCHESTRATOR))
                .verify()
                .difference();
        if (difference == null) {
            return this;
        }
        List<String> all = new ArrayList<>(violations);
        all.add("the log of saga %s does not fold to its row: %s is %s, not %s"
                .formatted(difference.sagaId(), difference.field(), difference.stored(), difference.folded()));
        return new Audit(completed, cancelled, all);
    }

    private static Audit of(SystemKind kind, Postgres postgres, long placed) throws SQLException {
        UnaryOperator<String> home = kind.isPeer() ? service -> SystemProcess.PEERS_DATABASE : service -> service;
        Map<String, Long> orders = postgres.numbers(home.apply("orders"), BY_STATUS.formatted("orders"));
        long completed = orders.getOrDefault("COMPLETED", 0L);
        long cancelled = orders.getOrDefault("CANCELLED", 0L);
        Expectations all = new Expectations();
        all.atLeast("orders ended", placed, completed + cancelled);
        all.equal("orders pending", 0, orders.get("PENDING"));
        participants(postgres, home, completed, cancelled, all);
        if (kind.isPeer()) {
            all.equal(
                    "sagas under way",
                    0,
                    postgres.numbers(SystemProcess.PEERS_DATABASE, UNDER_WAY).get("open"));
        } else {
            sagas(postgres, completed, cancelled, all);
            foreignSystems(postgres, completed, all);
        }
        return new Audit(completed, cancelled, all.violations);
    }

    private static void sagas(Postgres postgres, long completed, long cancelled, Expectations all) throws SQLException {
        Map<String, Long> sagas = postgres.numbers("orchestrator", BY_STATUS.formatted("saga"));
        all.equal("sagas completed", completed, sagas.get("COMPLETED"));
        all.equal("sagas compensated", cancelled, sagas.get("COMPENSATED"));
        all.equal(
                "sagas",
                completed + cancelled,
                sagas.values().stream().mapToLong(count -> count).sum());
        Map<String, Long> log = postgres.numbers("orchestrator", LOG);
        all.equal("log entries SAGA_STARTED", completed + cancelled, log.get("SAGA_STARTED"));
        all.equal("log entries SAGA_COMPLETED", completed, log.get("SAGA_COMPLETED"));
        all.equal("log entries SAGA_COMPENSATED", cancelled, log.get("SAGA_COMPENSATED"));
    }

    private static void participants(
            Postgres postgres, UnaryOperator<String> home, long completed, long cancelled, Expectations all)
            throws SQLException {
        Map<String, Long> stock = postgres.numbers(home.apply("inventory"), STOCK);
        all.equal("pieces reserved", completed, stock.get("reserved"));
        all.equal("pieces in all", (long) NewOrders.PRODUCTS * NewOrders.STOCK, stock.get("total"));
        Map<String, Long> reservations = postgres.numbers(home.apply("inventory"), BY_STATUS.formatted("reservation"));
        all.equal("reservations held", completed, reservations.get("RESERVED"));
        all.equal("reservations released", cancelled, reservations.get("RELEASED"));
        Map<String, Long> payments = postgres.numbers(home.apply("payments"), BY_STATUS.formatted("payment"));
        all.equal("payments made", completed, payments.get("COMPLETED"));
        all.equal("payments refused", cancelled, payments.get("DECLINED"));
        Map<String, Long> deliveries = postgres.numbers(home.apply("deliveries"), BY_STATUS.formatted("delivery"));
        all.equal("deliveries", completed, deliveries.get("SCHEDULED"));
    }

    private static void foreignSystems(Postgres postgres, long completed, Expectations all) throws SQLException {
        Map<String, Long> gateway = postgres.numbers("payments", GATEWAY);
        all.equal("charges at the gateway", completed, gateway.get("CHARGED"));
        all.equal(
                "bookings at the carrier",
                completed,
                postgres.numbers("deliveries", CARRIER).get("BOOKED"));
    }

    private static final class Expectations {

        private final List<String> violations = new ArrayList<>();

        void equal(String what, long expected, @Nullable Long found) {
            if (expected != (found == null ? 0 : found)) {
                violations.add("%s: expected %d, found %s".formatted(what, expected, found));
            }
        }

        void atLeast(String what, long least, long found) {
            if (found < least) {
                violations.add("%s: expected at least %d, found %d".formatted(what, least, found));
            }
        }
    }
}
