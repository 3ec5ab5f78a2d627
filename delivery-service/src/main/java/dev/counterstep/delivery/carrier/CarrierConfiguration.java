package dev.counterstep.delivery.carrier;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import dev.counterstep.messaging.external.ExternalSystem;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CarrierProperties.class)
class CarrierConfiguration {

    @Bean
    ExternalSystem carrierSystem(CarrierProperties properties, MeterRegistry metrics) {
        return new ExternalSystem("carrier", properties.circuit(), metrics);
    }

    /** What everybody is injected with; the bean named {@code haulier} is who really brings the parcels. */
    @Bean
    @Primary
    Carrier guardedCarrier(@Qualifier("haulier") Carrier haulier, ExternalSystem system) {
        return new GuardedCarrier(haulier, system);
    }
}
