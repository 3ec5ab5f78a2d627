package dev.counterstep.orchestrator.definition;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.counterstep.messaging.MessagingProperties;

/** Binds the settings of this package, and the one of the wire protocol that concerns it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DefinitionProperties.class)
class DefinitionConfiguration {

    @Bean
    DefinitionParser definitionParser(MessagingProperties messaging) {
        return new DefinitionParser(WireLimits.of(messaging.limits()));
    }
}
