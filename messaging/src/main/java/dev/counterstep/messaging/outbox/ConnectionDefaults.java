package dev.counterstep.messaging.outbox;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * How each connection of a Hikari pool begins. A pool's {@code connection-init-sql} runs after it, and so has the last word.
 *
 * <p>PostgreSQL ends a statement after 30 s, since what waits that long waits for something that hangs. The server keeps that time:
 * a timeout of JDBC or of a transaction in Spring wakes a thread of the driver for each statement. And it ends the session of a
 * transaction whose client has been silent for 60 s, because a process that stands still would keep its locks from everybody else.
 *
 * <p>And it plans each statement for the batch it is given: a plan that it made while a table was empty and then keeps scans that
 * table for ever. Not so in a pool with a {@code connection-init-sql}: a service whose statements all name their rows by an index, in
 * a condition on their table alone, may keep plans, and saves a third of PostgreSQL's work for small batches.
 */
final class ConnectionDefaults implements BeanPostProcessor {

    private static final String LIMITS =
            "SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; ";
    private static final String PLANS = "SET plan_cache_mode = force_custom_plan";

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof HikariDataSource pool && !pool.isRunning()) {
            String own = pool.getConnectionInitSql();
            pool.setConnectionInitSql(LIMITS + (own == null ? PLANS : own));
        }
        return bean;
    }
}
