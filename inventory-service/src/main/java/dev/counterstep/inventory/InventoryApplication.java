package dev.counterstep.inventory;

import java.time.Clock;
import java.time.Duration;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** The inventory service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class InventoryApplication {

    /** The application, not started: its configuration is in {@code inventory-service.yaml}. */
    public static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(InventoryApplication.class)
                .properties("spring.config.name=inventory-service");
    }

    /** Starts the service as a process of its own. */
    public static void main(String[] args) {
        builder().run(args);
    }

    /** Ticks in microseconds, as PostgreSQL does: an instant is the same before and after it was stored. */
    @Bean
    Clock clock() {
        return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
    }
}
