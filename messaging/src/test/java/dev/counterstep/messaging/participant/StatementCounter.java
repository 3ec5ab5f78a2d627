package dev.counterstep.messaging.participant;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Counts what goes to the database, statements of one round trip as one, by thread: what runs in the background does not disturb. Wherever it is a bean, of every data source. */
public final class StatementCounter implements BeanPostProcessor {

    private final ThreadLocal<Long> statements = ThreadLocal.withInitial(() -> 0L);

    /** How many the calling thread has sent. */
    public long count() {
        return statements.get();
    }

    /** How many the calling thread sends meanwhile. */
    public long during(Runnable work) {
        long before = count();
        work.run();
        return count() - before;
    }

    /** The same data source, counted. */
    public DataSource on(DataSource dataSource) {
        return new Counting(dataSource);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource dataSource ? on(dataSource) : bean;
    }

    private final class Counting extends DelegatingDataSource {

        Counting(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("prepareStatement")) {
                            statements.set(statements.get() + 1);
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
