package dev.counterstep.orchestrator.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.orchestrator.definition.DefinitionProperties;
import dev.counterstep.orchestrator.persistence.ParticipantStore;
import dev.counterstep.orchestrator.runtime.Answerability.Observation;

/** Looks at the outbox, the broker and our consumers, for {@link Answerability}. */
@Component
class AnswerabilityObserver implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerabilityObserver.class);

    private static final int BROKER_PATIENCE_MS = 2_000;

    private final Answerability answerability;
    private final UnsentCommands unsent;
    private final ParticipantStore participants;
    private final KafkaAdmin kafka;
    private final DefinitionProperties allowed;
    private final Outage outage = new Outage(LOG, "participants cannot be heard, timeouts stand still");
    private @Nullable Admin admin;

    AnswerabilityObserver(
            Answerability answerability,
            UnsentCommands unsent,
            ParticipantStore participants,
            KafkaAdmin kafka,
            DefinitionProperties allowed) {
        this.answerability = answerability;
        this.unsent = unsent;
        this.participants = participants;
        this.kafka = kafka;
        this.allowed = allowed;
    }

    /** Looks now. Returns {@link Answerability#readUntil}. */
    @Scheduled(
            initialDelayString = "${counterstep.orchestrator.observe-interval:1s}",
            fixedDelayString = "${counterstep.orchestrator.observe-interval:1s}",
            scheduler = RuntimeConfiguration.SCHEDULER)
    synchronized Optional<Instant> observe() {
        try {
            answerability.observed(observation());
            outage.isOver();
        } catch (DataAccessException | KafkaException | ExecutionException | TimeoutException e) {
            answerability.unobservable();
            outage.goesOn(e);
        } catch (InterruptedException e) {
            answerability.unobservable();
            Thread.currentThread().interrupt();
        }
        return answerability.readUntil();
    }

    private Observation observation() throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, Long> read = read();
        Map<TopicPartition, Long> ends = ends(read);
        UnsentCommands.Unsent commands = unsent.look();
        return new Observation(commands.at(), participants.paused().keySet(), commands.oldestAt(), ends, read);
    }

    /** How far our group has read the replies of each participant. */
    private Map<TopicPartition, Long> read() throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, Long> read = new HashMap<>();
        await(admin().listConsumerGroupOffsets(OrchestratorProperties.GROUP).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null && isReplies(partition.topic())) {
                        read.put(partition, offset.offset());
                    }
                });
        return read;
    }

    private boolean isReplies(String topic) {
        return allowed.participants().stream()
                .anyMatch(participant -> topic.equals(OrchestratorProperties.replyTopic(participant)));
    }

    /** How far the replies reach. A topic that nobody has begun to read counts as unread, even when it is empty. */
    private Map<TopicPartition, Long> ends(Map<TopicPartition, Long> read)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        read.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (String participant : allowed.participants()) {
            ends.put(new TopicPartition(OrchestratorProperties.replyTopic(participant), 0), 0L);
        }
        await(admin().listOffsets(latest).all()).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private static <T> T await(KafkaFuture<T> answer)
            throws ExecutionException, InterruptedException, TimeoutException {
        return answer.get(BROKER_PATIENCE_MS, TimeUnit.MILLISECONDS);
    }

    /** Created when first needed: the broker may come after us. */
    private Admin admin() {
        Admin current = admin;
        if (current == null) {
            Map<String, Object> config = new HashMap<>(kafka.getConfigurationProperties());
            config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, BROKER_PATIENCE_MS);
            config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, BROKER_PATIENCE_MS);
            current = Admin.create(config);
            admin = current;
        }
        return current;
    }

    @Override
    public synchronized void destroy() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
        }
    }
}
