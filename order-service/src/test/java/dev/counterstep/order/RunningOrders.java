package dev.counterstep.order;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

import dev.counterstep.messaging.SampleHandlers;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.messaging.participant.StatementCounter;

/** The service as it runs, with the demo's customers, on real PostgreSQL and Kafka; one for all tests of the module. */
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"spring.config.name=order-service", "counterstep.security.open=true", "counterstep.demo-data=true"
        })
@Import({SampleHandlers.class, StatementCounter.class})
@ContextConfiguration(initializers = RunningOrders.Infrastructure.class)
public @interface RunningOrders {

    /** Points the service at this JVM's servers. */
    class Infrastructure implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        static final TestDatabase DATABASE = TestInfrastructure.newDatabase("orders");

        static {
            SampleHandlers.createTable(DATABASE);
        }

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            TestPropertyValues.of("spring.kafka.bootstrap-servers=" + TestInfrastructure.cuttableBootstrapServers())
                    .and(DATABASE.properties().entrySet().stream()
                            .map(property -> property.getKey() + "=" + property.getValue()))
                    .applyTo(context);
        }
    }
}
