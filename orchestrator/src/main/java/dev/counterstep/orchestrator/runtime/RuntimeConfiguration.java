package dev.counterstep.orchestrator.runtime;

import java.time.Duration;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import dev.counterstep.messaging.outbox.HeldTopics;
import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.orchestrator.definition.DefinitionProperties;
import dev.counterstep.orchestrator.persistence.ParticipantStore;

/** The runtime's beans that are not components. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(OrchestratorProperties.class)
class RuntimeConfiguration {

    /** Name of the scheduler of this package: waiting for the broker must not hold up the relay. */
    static final String SCHEDULER = "sagaScheduler";

    @Bean
    Answerability answerability(OrchestratorProperties properties, DefinitionProperties allowed) {
        return new Answerability(allowed.participants(), properties.outboxPatience(), properties.replyPatience());
    }

    /** Commands to a paused participant stay in the outbox. */
    @Bean
    HeldTopics heldTopics() {
        return new HeldTopics(ParticipantStore.PAUSED_TOPICS);
    }

    /** Not a candidate for others: Boot's own scheduler stays the default. */
    @Bean(name = SCHEDULER, defaultCandidate = false)
    ThreadPoolTaskScheduler sagaScheduler() {
        ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
        scheduler.setThreadNamePrefix("saga-timers-");
        scheduler.setPoolSize(3);
        scheduler.setWaitForTasksToCompleteOnShutdown(true);
        scheduler.setAwaitTerminationMillis(Duration.ofSeconds(5).toMillis());
        return scheduler;
    }
}
