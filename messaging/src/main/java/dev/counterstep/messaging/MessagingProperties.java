package dev.counterstep.messaging;

import java.time.Duration;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the messaging starter, prefix {@code counterstep.messaging}.
 *
 * @param source {@code ce_source} of every message this process writes, and the prefix of its Kafka client ids; by default
 *     {@code spring.application.name}
 * @param participant name of the participant this process is, for example {@code inventory}: listens on
 *     {@code <name>.commands} as group {@code <name>-service}. Unset: no listener.
 * @param concurrency consumer threads of the command listener, 1-64; more than the topic has partitions stay idle
 * @param externalCalls external calls in flight at once, 1-1000, over all consumer threads
 * @param limits what a message may measure
 * @param relay the outbox relay
 */
@Validated
@ConfigurationProperties("counterstep.messaging")
public record MessagingProperties(
        @DefaultValue("${spring.application.name:counterstep}") @NotBlank
        String source,

        @Nullable @Pattern(regexp = "[a-z][a-z0-9-]{0,62}") String participant,
        @DefaultValue("1") @Min(1) @Max(64) int concurrency,
        @DefaultValue("64") @Min(1) @Max(1000) int externalCalls,
        @DefaultValue @Valid Limits limits,
        @DefaultValue @Valid Relay relay) {

    /**
     * What a message may measure. What is larger is poison on its way in, and an error of the sender on its way out.
     *
     * @param body largest body
     * @param depth deepest nesting of a JSON body, 1-1000
     * @param headerValue largest single header value
     * @param headers most headers of one message, 1-1000
     * @param idLength longest identifier in a header (ids, types, step and topic names), characters, 1-249
     */
    public record Limits(
            @DefaultValue("64KB") DataSize body,
            @DefaultValue("32") @Min(1) @Max(1000) int depth,
            @DefaultValue("4KB") DataSize headerValue,
            @DefaultValue("64") @Min(1) @Max(1000) int headers,
            @DefaultValue("128") @Min(1) @Max(249) int idLength) {

        public Limits {
            requireBetween(
                    "counterstep.messaging.limits.body", body, DataSize.ofKilobytes(1), DataSize.ofKilobytes(512));
            requireBetween(
                    "counterstep.messaging.limits.header-value",
                    headerValue,
                    DataSize.ofBytes(256),
                    DataSize.ofKilobytes(8));
        }
    }

    /**
     * The outbox relay.
     *
     * @param enabled whether this process publishes its database's outbox at all
     * @param interval time between two safety passes, which find what no wake-up announced
     * @param batchRows most rows read, sent and removed at once, 1-10000
     * @param batchBytes bodies read into memory at once stop at about this size; a batch has at least one row
     * @param patience longest wait for a batch's acknowledgements before the other topics go on without it; at most half of the lease
     * @param retryBackoff time a topic rests after the broker refused or lost a row of it
     * @param lease the relay's ShedLock lease: after a crash another instance takes over within this time
     * @param notifyInterval least time between two NOTIFY to the instance that holds the lease
     */
    public record Relay(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1s") Duration interval,
            @DefaultValue("1000") @Min(1) @Max(10_000) int batchRows,
            @DefaultValue("16MB") DataSize batchBytes,
            @DefaultValue("1s") Duration patience,
            @DefaultValue("1s") Duration retryBackoff,
            @DefaultValue("10s") Duration lease,
            @DefaultValue("10ms") Duration notifyInterval) {

        public Relay {
            String prefix = "counterstep.messaging.relay.";
            requireBetween(prefix + "interval", interval, Duration.ofMillis(10), Duration.ofMinutes(1));
            requireBetween(prefix + "batch-bytes", batchBytes, DataSize.ofKilobytes(1), DataSize.ofMegabytes(256));
            requireBetween(prefix + "retry-backoff", retryBackoff, Duration.ofMillis(1), Duration.ofMinutes(5));
            requireBetween(prefix + "lease", lease, Duration.ofSeconds(2), Duration.ofMinutes(10));
            requireBetween(prefix + "patience", patience, Duration.ofMillis(10), Duration.ofSeconds(30));
            // A relay that waits must be back in time to keep its lease.
            if (patience.multipliedBy(2).compareTo(lease) > 0) {
                throw new IllegalArgumentException("%1$spatience must be at most half of %1$slease, was %2$s of %3$s"
                        .formatted(prefix, patience, lease));
            }
            requireBetween(prefix + "notify-interval", notifyInterval, Duration.ZERO, Duration.ofSeconds(10));
        }
    }

    private static <T extends Comparable<T>> void requireBetween(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "%s must be between %s and %s, was %s".formatted(name, least, most, value));
        }
    }
}
