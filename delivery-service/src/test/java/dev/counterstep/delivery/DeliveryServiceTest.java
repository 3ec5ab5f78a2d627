package dev.counterstep.delivery;

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

import dev.counterstep.delivery.carrier.FaultyHaulier;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;

/** Starts the whole service on a database of its own; one context for all tests, because it is one participant. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=delivery-service",
            "counterstep.security.open=true",
            "delivery.tracking-interval=1h"
        })
@Import({DeliveryServiceTest.Infrastructure.class, FaultyHaulier.Wrapping.class})
@interface DeliveryServiceTest {

    @TestConfiguration(proxyBeanMethods = false)
    class Infrastructure {

        static final TestDatabase DATABASE = TestInfrastructure.newDatabase("deliveries");

        @Bean
        DynamicPropertyRegistrar infrastructure() {
            return registry -> TestInfrastructure.registerProperties(registry, DATABASE);
        }
    }
}
