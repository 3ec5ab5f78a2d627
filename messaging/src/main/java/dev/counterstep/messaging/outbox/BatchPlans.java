package dev.counterstep.messaging.outbox;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Lets PostgreSQL plan each statement for the batch it is given. A plan that the server made while a table was empty and then
 * keeps scans that table for ever. A pool with a {@code connection-init-sql} of its own is left alone: a service whose statements
 * all name their rows by an index, in a condition on their table alone, may keep plans, and saves a third of PostgreSQL's work for
 * small batches.
 */
final class BatchPlans implements BeanPostProcessor {

    private static final String ON_CONNECT = "SET plan_cache_mode = force_custom_plan";

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof HikariDataSource pool && pool.getConnectionInitSql() == null && !pool.isRunning()) {
            pool.setConnectionInitSql(ON_CONNECT);
        }
        return bean;
    }
}
