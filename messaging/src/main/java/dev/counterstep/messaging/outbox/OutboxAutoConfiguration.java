package dev.counterstep.messaging.outbox;

import java.util.UUID;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import net.javacrumbs.shedlock.support.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.scheduling.annotation.EnableScheduling;

import dev.counterstep.messaging.MessagingAutoConfiguration;
import dev.counterstep.messaging.MessagingProperties;

/** Sets up the outbox and its relay wherever there is a data source. */
@AutoConfiguration(after = {DataSourceAutoConfiguration.class, MessagingAutoConfiguration.class})
@ConditionalOnBean(DataSource.class)
@EnableScheduling
final class OutboxAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(OutboxAutoConfiguration.class);

    /** Hikari is Boot's pool, and not the only one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HikariDataSource.class)
    static class Pool {

        @Bean
        static ConnectionDefaults connectionDefaults() {
            return new ConnectionDefaults();
        }
    }

    @Bean
    @ConditionalOnMissingBean
    OutboxStore outboxStore(DataSource dataSource, ObjectProvider<HeldTopics> held) {
        return new OutboxStore(dataSource, held.getIfAvailable(() -> HeldTopics.NONE));
    }

    @Bean
    @ConditionalOnMissingBean
    Outbox outbox(OutboxStore store, ObjectProvider<OutboxRelay> relays) {
        // Once: asking the context again at each commit costs more than the commit.
        OutboxRelay relay = relays.getIfAvailable();
        return new Outbox(store, relay == null ? Relaying.NONE : relay.relaying());
    }

    /** Leases by database time; each instance holds them under a name of its own, even where several share a host. */
    @Bean
    @ConditionalOnMissingBean
    LockProvider lockProvider(DataSource dataSource) {
        return new JdbcTemplateLockProvider(JdbcTemplateLockProvider.Configuration.builder()
                .withJdbcTemplate(new JdbcTemplate(dataSource))
                .withTransactionManager(new JdbcTransactionManager(dataSource))
                .withLockedByValue(Utils.getHostname() + "/" + UUID.randomUUID())
                .usingDbTime()
                .build());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty(name = "counterstep.messaging.relay.enabled", matchIfMissing = true)
    OutboxRelay outboxRelay(
            MessagingProperties properties,
            OutboxStore store,
            LockProvider locks,
            ProducerFactory<byte[], byte[]> producers,
            ObjectProvider<MeterRegistry> meters) {
        MessagingProperties.Relay settings = properties.relay();
        RelayMetrics metrics = new RelayMetrics(meters.getIfAvailable(() -> Metrics.globalRegistry));
        DataSource unpooled = unpooled(store.dataSource());
        return new OutboxRelay(() -> new RelayLoop(
                settings,
                store,
                new RelayLease(locks, settings.lease(), settings.interval()),
                metrics,
                mailbox -> new Publisher(producers, settings.retryBackoff(), mailbox, store::acknowledge, metrics),
                onRing -> new OutboxBell(unpooled, onRing)));
    }

    /** The same database without the pool, from which a connection that listens for ever would be missing. */
    private static DataSource unpooled(DataSource pooled) {
        try {
            return DataSourceBuilder.derivedFrom(pooled)
                    .type(SimpleDriverDataSource.class)
                    .build();
        } catch (RuntimeException e) {
            log.info(
                    "the outbox's bell takes one connection of the pool, for its data source cannot be derived from: {}",
                    e.toString());
            return pooled;
        }
    }
}
