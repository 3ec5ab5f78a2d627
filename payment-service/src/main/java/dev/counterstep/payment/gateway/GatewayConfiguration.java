package dev.counterstep.payment.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import dev.counterstep.messaging.external.ExternalSystem;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
class GatewayConfiguration {

    @Bean
    ExternalSystem paymentGatewaySystem(GatewayProperties properties, MeterRegistry metrics) {
        return new ExternalSystem("payment-gateway", properties.circuit(), metrics);
    }

    /** What everybody is injected with; the bean named {@code acquirer} is who really moves the money. */
    @Bean
    @Primary
    PaymentGateway guardedGateway(@Qualifier("acquirer") PaymentGateway acquirer, ExternalSystem system) {
        return new GuardedGateway(acquirer, system);
    }
}
