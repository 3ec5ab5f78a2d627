package dev.counterstep.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Says whether the broker can be reached. Without it we still accept work, and keep it in the outbox: so the status is
 * {@link #DEGRADED}, which shows in the details and fails neither readiness nor liveness.
 *
 * <p>Safe for use by several threads; waits at most {@link #TIMEOUT_MILLIS}.
 */
final class KafkaHealthIndicator extends AbstractHealthIndicator implements DisposableBean {

    static final Status DEGRADED = new Status("DEGRADED", "new work is accepted and waits in the outbox");

    static final int TIMEOUT_MILLIS = 2_000;

    private final Map<String, Object> settings;
    private @Nullable Admin admin;

    KafkaHealthIndicator(Map<String, Object> adminSettings) {
        super("the Kafka health check failed");
        this.settings = new HashMap<>(adminSettings);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    }

    @Override
    protected void doHealthCheck(Health.Builder health) throws InterruptedException {
        try {
            DescribeClusterResult cluster = admin().describeCluster();
            int brokers =
                    cluster.nodes().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).size();
            health.up().withDetail("clusterId", cluster.clusterId().get()).withDetail("brokers", brokers);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            health.status(DEGRADED)
                    .withDetail(
                            "error",
                            "the broker does not answer: " + e.getClass().getSimpleName());
        }
    }

    private synchronized Admin admin() {
        Admin existing = admin;
        if (existing == null) {
            existing = Admin.create(settings);
            admin = existing;
        }
        return existing;
    }

    @Override
    public synchronized void destroy() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
