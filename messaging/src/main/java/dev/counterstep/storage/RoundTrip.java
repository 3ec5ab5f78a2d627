package dev.counterstep.storage;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Statements that are sent together: however many they are, they cost one round trip. They run in the order they were added, in
 * the caller's transaction, and each sees what is committed when it begins, as it would alone. When one fails, those after it are
 * not run, and what {@link #run} throws is about that one. For one run, by one thread. A query with many rows comes last: server
 * and client must not both wait for the other to read.
 */
public final class RoundTrip {

    /** What is done with the rows of a query. */
    @FunctionalInterface
    public interface Rows {

        /** Reads them all, from before the first. */
        void read(ResultSet rows) throws SQLException;
    }

    @FunctionalInterface
    private interface Answer {
        void read(PreparedStatement statement) throws SQLException;
    }

    private record Statement(String sql, List<Object> arguments, Answer answer) {}

    private static final String KEEP_PLANS = "SET LOCAL plan_cache_mode = force_generic_plan";
    private static final String USE_INDEXES = "SET LOCAL enable_seqscan = off";

    private final List<Statement> statements = new ArrayList<>();

    /**
     * To begin a transaction with that is run often: PostgreSQL keeps the plan of each of its statements, for as long as the
     * connection lasts, where it would make a new one each time. For statements that name the rows they touch by an index, in a
     * condition on their table alone: they have one good plan, whatever the statistics, and no sequential scan is among those that
     * may be chosen. Holds until the transaction ends, so also for whatever else is run in it.
     */
    public static RoundTrip keepingPlans() {
        RoundTrip trip = new RoundTrip();
        trip.update(KEEP_PLANS, none -> {});
        trip.update(USE_INDEXES, none -> {});
        return trip;
    }

    /**
     * Adds a statement that changes rows.
     *
     * @param changed hears how many, after all statements have run
     */
    public void update(String sql, IntConsumer changed, Object... arguments) {
        statements.add(new Statement(sql, List.of(arguments), statement -> changed.accept(statement.getUpdateCount())));
    }

    /**
     * Adds a statement that gives rows.
     *
     * @param rows hears them, after all statements have run
     */
    public void query(String sql, Rows rows, Object... arguments) {
        statements.add(new Statement(sql, List.of(arguments), statement -> rows.read(statement.getResultSet())));
    }

    /** Whether there is nothing to run. */
    public boolean isEmpty() {
        return statements.isEmpty();
    }

    /**
     * Runs them all, and then gives each its answer.
     *
     * @throws org.springframework.dao.DataAccessException when one failed; whatever an answer's reader throws comes as it is
     */
    public void run(JdbcTemplate jdbc) {
        if (statements.isEmpty()) {
            return;
        }
        String sql = statements.stream().map(Statement::sql).collect(Collectors.joining(";\n"));
        jdbc.execute(sql, (PreparedStatement prepared) -> {
            bind(prepared);
            prepared.execute();
            for (Statement statement : statements) {
                statement.answer().read(prepared);
                prepared.getMoreResults();
            }
            return statements.size();
        });
    }

    private void bind(PreparedStatement prepared) throws SQLException {
        int parameter = 1;
        for (Statement statement : statements) {
            for (Object argument : statement.arguments()) {
                prepared.setObject(parameter++, argument);
            }
        }
    }
}
