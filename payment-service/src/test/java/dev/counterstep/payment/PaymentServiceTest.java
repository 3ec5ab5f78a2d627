package dev.counterstep.payment;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistrar;

import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.payment.gateway.FaultyAcquirer;

/** Starts the whole service on a database of its own; one context for all tests, because it is one participant. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=payment-service",
            "counterstep.security.open=true",
            "payment.simulated.slow-delay=50ms"
        })
@Import({PaymentServiceTest.Infrastructure.class, FaultyAcquirer.Wrapping.class})
@interface PaymentServiceTest {

    @TestConfiguration(proxyBeanMethods = false)
    class Infrastructure {

        private static final TestDatabase DATABASE = TestInfrastructure.newDatabase("payments");

        @Bean
        DynamicPropertyRegistrar infrastructure() {
            return registry -> TestInfrastructure.registerProperties(registry, DATABASE);
        }
    }
}
