package dev.counterstep.order;

import java.time.Clock;
import java.time.Duration;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.scheduling.annotation.EnableScheduling;

import dev.counterstep.web.AccessRules;
import dev.counterstep.web.Role;

/** The order service. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class OrderApplication {

    /** The application, not started: its configuration is in {@code order-service.yaml}. */
    public static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(OrderApplication.class).properties("spring.config.name=order-service");
    }

    /** Starts the service as a process of its own. */
    public static void main(String[] args) {
        builder().run(args);
    }

    /** Clients place orders, and follow and cancel those whose id they know. The rest is for operators. */
    @Bean
    AccessRules accessRules() {
        return new AccessRules(
                requests -> requests.requestMatchers(HttpMethod.POST, "/orders", "/orders/*/cancel")
                        .hasAnyRole(Role.CLIENT.name(), Role.OPERATOR.name())
                        .requestMatchers(HttpMethod.GET, "/orders/*")
                        .hasAnyRole(Role.CLIENT.name(), Role.VIEWER.name()),
                true);
    }

    /** The broker's defaults say how many partitions and replicas; a topic that is there stays as it is. */
    @Bean
    NewTopics orderTopics() {
        return new NewTopics(TopicBuilder.name(OrderAnnouncements.TOPIC).build());
    }

    /** Ticks in microseconds, as PostgreSQL does: an instant is the same before and after it was stored. */
    @Bean
    Clock clock() {
        return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
    }
}
