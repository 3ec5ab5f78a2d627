package dev.counterstep.inventory;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.messaging.participant.StatementCounter;

/** The service as it runs, with the demo's products, on real PostgreSQL and Kafka; one for all tests of the module. */
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=inventory-service",
            "counterstep.security.open=true",
            "counterstep.demo-data=true"
        })
@Import(StatementCounter.class)
@ContextConfiguration(initializers = RunningInventory.Infrastructure.class)
@interface RunningInventory {

    /** Points the service at this JVM's servers. */
    class Infrastructure implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        static final TestDatabase DATABASE = TestInfrastructure.newDatabase("inventory");

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            TestPropertyValues.of("spring.kafka.bootstrap-servers=" + TestInfrastructure.bootstrapServers())
                    .and(DATABASE.properties().entrySet().stream()
                            .map(property -> property.getKey() + "=" + property.getValue()))
                    .applyTo(context);
        }
    }
}
