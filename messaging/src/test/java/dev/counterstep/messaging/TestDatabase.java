package dev.counterstep.messaging;

import java.util.Properties;
import javax.sql.DataSource;

import org.postgresql.ds.PGSimpleDataSource;

/**
 * One fresh, migrated database.
 *
 * @param name its name, unique in this JVM
 * @param url its JDBC URL
 * @param user the service's login, which may do what the migrations grant
 * @param password its password
 * @param ownerUser the login that owns the schema, for tables that only a test needs
 * @param ownerPassword its password
 */
public record TestDatabase(
        String name, String url, String user, String password, String ownerUser, String ownerPassword) {

    /** Unpooled connections as the service. */
    public DataSource dataSource() {
        return dataSource(user, password);
    }

    /** Unpooled connections as the owner. */
    public DataSource ownerDataSource() {
        return dataSource(ownerUser, ownerPassword);
    }

    /** The Spring properties by which a service finds this database. */
    public Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("spring.datasource.url", url);
        properties.setProperty("spring.datasource.username", user);
        properties.setProperty("spring.datasource.password", password);
        return properties;
    }

    private DataSource dataSource(String login, String secret) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(login);
        source.setPassword(secret);
        return source;
    }
}
