package dev.counterstep.orchestrator;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the engine, prefix {@code counterstep.orchestrator}.
 *
 * @param concurrency consumer threads for replies and events, 1-64; more than a topic has partitions stay idle
 * @param partitions partitions of the topics created when missing, 1-1000
 * @param timerInterval pause between two looks at what is due
 * @param timerBatch most sagas whose timers fire in one transaction, 1-5000
 * @param observeInterval pause between two looks at whether participants can be heard
 * @param outboxPatience a command that waits longer than this to be sent means that its participant cannot be heard: timeouts
 *     of its steps stand still. For so long the clock of a step may run before its command is sent: steps need a timeout well
 *     above it.
 * @param replyPatience replies of a participant that wait longer than this to be read mean the same
 */
@Validated
@ConfigurationProperties("counterstep.orchestrator")
public record OrchestratorProperties(
        @DefaultValue("2") @Min(1) @Max(64) int concurrency,
        @DefaultValue("6") @Min(1) @Max(1000) int partitions,
        @DefaultValue("500ms") Duration timerInterval,
        @DefaultValue("500") @Min(1) @Max(5000) int timerBatch,
        @DefaultValue("1s") Duration observeInterval,
        @DefaultValue("2s") Duration outboxPatience,
        @DefaultValue("5s") Duration replyPatience) {

    /** The consumer group that reads replies and events. */
    public static final String GROUP = "orchestrator";

    /** The topic a participant reads its commands from. */
    public static String commandTopic(String participant) {
        return participant + ".commands";
    }

    /** The only topic a participant's replies are accepted on. */
    public static String replyTopic(String participant) {
        return participant + ".replies";
    }
}
