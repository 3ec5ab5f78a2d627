package dev.counterstep.messaging;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class MessageCodecTest {

    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
    private static final UUID SAGA = UUID.fromString("0197a6b0-0000-7000-8000-000000000001");
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final MessageCodec codec = new MessageCodec(TestProperties.messaging(), Clock.fixed(NOW, ZoneOffset.UTC));

    private final SagaHeaders saga = new SagaHeaders(
            SAGA,
            "order-fulfilment:1",
            "reserve-inventory",
            Phase.ACTION,
            1,
            2,
            NOW.plusSeconds(30),
            "inventory.replies");

    private final Command command =
            new Command(saga.commandId(), "inventory.reserve", saga, "order-1", TRACE, bytes("{\"quantity\": 2}"));

    @Test
    void commandComesBackAsItWent() {
        OutboundMessage message = codec.encode(command, "inventory.commands", "product_1");

        assertThat(message.topic()).isEqualTo("inventory.commands");
        assertThat(message.key()).isEqualTo("product_1");
        assertThat(message.headers())
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_source", "/test")
                .containsEntry("ce_time", "2026-02-03T04:05:06Z")
                .containsEntry("ce_subject", SAGA.toString())
                .containsEntry("content-type", "application/json");
        assertThat(codec.decodeCommand(received(message)))
                .usingRecursiveComparison()
                .isEqualTo(command);
    }

    @Test
    void replyComesBackAsItWent() {
        Reply reply = new Reply(
                "r-1",
                "inventory.failed",
                saga,
                OutcomeKind.RETRYABLE,
                "the shelf is on fire",
                Duration.ofSeconds(5),
                "order-1",
                TRACE,
                bytes("{}"));

        OutboundMessage message = codec.encode(reply, "inventory.replies");

        assertThat(message.key()).isEqualTo(SAGA.toString());
        assertThat(codec.decodeReply(received(message)))
                .usingRecursiveComparison()
                .isEqualTo(reply);
    }

    @Test
    void eventComesBackAsItWent() {
        Event event = new Event(
                "e-1", "order.created", "/order-service", "order-1", NOW, "order-1", null, bytes("{\"amount\":10.50}"));

        OutboundMessage message = codec.encode(event, "order.events", "order-1");

        assertThat(codec.decodeEvent(received(message)))
                .usingRecursiveComparison()
                .isEqualTo(event);
    }

    @Test
    void messageWrittenByHandNeedsOnlyTheHeadersThatMeanSomething() {
        Map<String, String> headers = Map.of(
                "ce_id", "1",
                "ce_type", "inventory.reserve",
                "saga-id", SAGA.toString(),
                "saga-definition", "d:1",
                "saga-step", "s",
                "saga-phase", "ACTION",
                "saga-generation", "1",
                "saga-attempt", "1",
                "traceparent", "nonsense",
                "x-unknown", "ignored");

        Command read = codec.decodeCommand(new InboundMessage("t", 0, 0, null, headers, bytes("{}")));

        assertThat(read.correlationId()).isEqualTo(SAGA.toString());
        assertThat(read.traceparent()).isNull();
        assertThat(read.saga().expiresAt()).isNull();
        assertThat(read.saga().replyTo()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ce_id",
                "ce_type",
                "saga-id",
                "saga-definition",
                "saga-step",
                "saga-phase",
                "saga-generation",
                "saga-attempt"
            })
    void missingHeaderIsNamed(String name) {
        PoisonMessageException poison = poison(headers -> headers.remove(name));

        assertThat(poison.code()).isEqualTo("missing-header");
        assertThat(poison.reason()).contains(name);
    }

    @ParameterizedTest
    @CsvSource({
        "saga-id, 1-1-1-1-1",
        "saga-id, zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz",
        "saga-phase, action",
        "saga-generation, 0",
        "saga-generation, 99999999999",
        "saga-attempt, -1",
        "saga-attempt, one",
        "saga-expires-at, tomorrow",
        "saga-reply-to, not a topic",
        "ce_specversion, 0.3",
        "content-type, application/x-java-serialized-object",
    })
    void badHeaderIsNamedButNotQuoted(String name, String value) {
        PoisonMessageException poison = poison(headers -> headers.put(name, value));

        assertThat(poison.code()).isEqualTo("bad-header");
        assertThat(poison.reason()).contains(name).doesNotContain(value);
    }

    @Test
    void identifiersHaveNoControlCharactersAndALimit() {
        assertThat(poison(headers -> headers.put("ce_id", "a\nb")).code()).isEqualTo("bad-header");
        assertThat(poison(headers -> headers.put("ce_id", "a\u0000b")).code()).isEqualTo("bad-header");
        assertThat(poison(headers -> headers.put("ce_id", "\ud800")).code()).isEqualTo("bad-header");
        assertThat(poison(headers -> headers.put("saga-step", "s".repeat(129))).code())
                .isEqualTo("bad-header");
        assertThatCode(() -> decode(headers -> headers.put("saga-step", "s".repeat(128)), bytes("{}")))
                .doesNotThrowAnyException();
    }

    @Test
    void headersHaveLimits() {
        assertThat(poison(headers -> headers.put("x", "ä".repeat(2049))).code()).isEqualTo("too-big");
        assertThat(poison(headers -> {
                            for (int i = 0; i < 64; i++) {
                                headers.put("x-" + i, "");
                            }
                        })
                        .code())
                .isEqualTo("too-big");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "undecodable | ''",
                "undecodable | {",
                "undecodable | {\"a\":1}}",
                "undecodable | {\"a\":1} {}",
                "undecodable | {\"a\":NaN}",
                "undecodable | {\"a\":1,\"a\":2}",
                "undecodable | {a:1}",
                "undecodable | {\"a\":\"\\u0000\"}",
                "undecodable | {\"\\u0000\":1}",
                "undecodable | {\"a\":\"\\ud800\"}",
                "undecodable | {\"a\":1e400}",
                "undecodable | {\"a\":1e-400}",
                "undecodable | {\"a\":1e99999999999}",
                "not-an-object | []",
                "not-an-object | null",
                "not-an-object | 7",
                "not-an-object | \"text\"",
            })
    void bodyThatIsNotOneJsonObjectIsPoison(String code, String body) {
        assertThatThrownBy(() -> decode(headers -> {}, bytes(body.strip())))
                .isInstanceOfSatisfying(
                        PoisonMessageException.class,
                        poison -> assertThat(poison.code()).isEqualTo(code));
    }

    @Test
    void bodyHasLimits() {
        assertThat(codeOf("{\"a\":\"" + "x".repeat(65_536) + "\"}")).isEqualTo("too-big");
        assertThat(codeOf("{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}")).isEqualTo("too-deep");
        assertThat(codeOf("{\"a\":" + "[".repeat(10_000))).isEqualTo("too-deep");
        assertThatCode(() -> decode(headers -> {}, bytes("{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> decode(headers -> {}, null))
                .isInstanceOfSatisfying(
                        PoisonMessageException.class,
                        poison -> assertThat(poison.code()).isEqualTo("missing-body"));
    }

    @Test
    void sagaHeadersOfACommandWithAPoisonousBodyCanStillBeRead() {
        OutboundMessage message = codec.encode(command, "inventory.commands", "k");
        InboundMessage poisonous = new InboundMessage("t", 0, 0, "k", message.headers(), bytes("?"));

        assertThat(codec.decodeSagaHeaders(poisonous)).isEqualTo(saga);
    }

    @Test
    void nothingButPoisonComesOfRandomBytes() {
        long seed = Long.getLong("simulation.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            InboundMessage message = randomMessage(random);
            for (Consumer<InboundMessage> decoder : List.<Consumer<InboundMessage>>of(
                    codec::decodeCommand, codec::decodeReply, codec::decodeEvent, codec::decodeSagaHeaders)) {
                try {
                    decoder.accept(message);
                } catch (PoisonMessageException expected) {
                    OutboundMessage letter = codec.deadLetter(message, expected);
                    assertThat(letter.headers().values()).allMatch(JsonBodies::isStorable);
                } catch (RuntimeException e) {
                    throw new AssertionError("-Dsimulation.seed=" + seed + ", message " + i, e);
                }
            }
        }
    }

    @Test
    void recordIsReadStrictly() {
        Line line = codec.read(bytes("{\"product\":\"p\",\"quantity\":2,\"price\":1.10,\"new\":true}"), Line.class);

        assertThat(line).isEqualTo(new Line("p", 2, new BigDecimal("1.10"), null));
        assertThat(illTyped("{\"quantity\":2,\"price\":1}")).contains("/product");
        assertThat(illTyped("{\"product\":null,\"quantity\":2,\"price\":1}")).contains("/product");
        assertThat(illTyped("{\"product\":\"p\",\"price\":1}")).contains("/quantity");
        assertThat(illTyped("{\"product\":\"p\",\"quantity\":\"2\",\"price\":1}"))
                .contains("/quantity");
        assertThat(illTyped("{\"product\":\"p\",\"quantity\":2.5,\"price\":1}")).contains("/quantity");
        assertThat(illTyped("{\"product\":\"p\",\"quantity\":2,\"price\":\"secret\"}"))
                .contains("/price")
                .doesNotContain("secret");
        assertThat(illTyped("{\"product\":\"p\",\"quantity\":2,\"price\":1,\"inner\":{}}"))
                .contains("/inner/id");
    }

    @Test
    void amountsKeepTheirDecimals() {
        Map<String, Object> body = codec.readObject(bytes("{\"amount\":10.50,\"n\":3}"));

        assertThat(body).containsEntry("amount", new BigDecimal("10.50")).containsEntry("n", 3);
        assertThat(new String(codec.write(body), UTF_8)).isEqualTo("{\"amount\":10.50,\"n\":3}");
    }

    @Test
    void ownMessageOverTheLimitIsTheSendersError() {
        Command big = new Command("1", "t", saga, "c", null, new byte[65_537]);

        assertThatThrownBy(() -> codec.encode(big, "t", "k")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void longReasonIsCutWithinAHeader() {
        Reply reply = new Reply("1", "t", saga, OutcomeKind.RETRYABLE, "é".repeat(5000), null, "c", null, bytes("{}"));

        String reason = codec.encode(reply, "t").headers().get("saga-reason");

        assertThat(reason).isEqualTo("é".repeat(2048));
    }

    @Test
    void deadLetterKeepsTheMessageAndSaysWhy() {
        InboundMessage message = new InboundMessage("inventory.commands", 2, 42, "k", Map.of("ce_id", "1"), bytes("?"));

        OutboundMessage letter =
                codec.deadLetter(message, new PoisonMessageException("undecodable", "the body is not JSON"));

        assertThat(letter.topic()).isEqualTo("inventory.commands.dlt");
        assertThat(letter.key()).isEqualTo("k");
        assertThat(letter.body()).isEqualTo(bytes("?"));
        assertThat(letter.headers())
                .containsOnly(
                        Map.entry("ce_id", "1"),
                        Map.entry("dlt-code", "undecodable"),
                        Map.entry("dlt-reason", "the body is not JSON"),
                        Map.entry("dlt-original-topic", "inventory.commands"),
                        Map.entry("dlt-original-partition", "2"),
                        Map.entry("dlt-original-offset", "42"));
    }

    @Test
    void deadLetterOfAMonsterFitsTheOutbox() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("dlt-reason", "of an earlier life");
        headers.put("nul", "a\u0000b\ud800");
        for (int i = 0; i < 5000; i++) {
            headers.put("h" + i, "v");
        }
        headers.put("big", "x".repeat(100_000));
        InboundMessage monster =
                new InboundMessage("t", 0, 7, "\u0000" + "k".repeat(5000), headers, new byte[1_048_576]);

        OutboundMessage letter = codec.deadLetter(monster, new PoisonMessageException("c", "r".repeat(5000)));

        assertThat(letter.body()).hasSize(DeadLetters.MOST_BODY_BYTES);
        assertThat(letter.key()).hasSize(256).doesNotContain("\u0000");
        assertThat(letter.headers())
                .containsEntry("dlt-cut", "1048576")
                .containsEntry("dlt-reason", "r".repeat(1000))
                .containsEntry("nul", "a b\ufffd")
                .doesNotContainKey("big");
        assertThat(codec.write(letter.headers()).length).isLessThan(16_384);
    }

    @Test
    void repeatedHeaderCountsWithItsLastValue() {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 1, 2, bytes("k"), bytes("{}"));
        record.headers().add("a", bytes("1")).add("a", bytes("2")).add("b", null);

        InboundMessage message = MessageCodec.inbound(record);

        assertThat(message.headers()).containsOnly(Map.entry("a", "2"));
        assertThat(message.key()).isEqualTo("k");
    }

    record Line(
            String product,
            int quantity,
            BigDecimal price,
            @Nullable Inner inner) {}

    record Inner(String id) {}

    private String illTyped(String body) {
        PoisonMessageException poison =
                catchThrowableOfType(PoisonMessageException.class, () -> codec.read(bytes(body), Line.class));
        assertThat(poison.code()).isEqualTo("ill-typed");
        return poison.reason();
    }

    private String codeOf(String body) {
        return catchThrowableOfType(PoisonMessageException.class, () -> decode(headers -> {}, bytes(body)))
                .code();
    }

    private PoisonMessageException poison(Consumer<Map<String, String>> change) {
        return catchThrowableOfType(PoisonMessageException.class, () -> decode(change, bytes("{}")));
    }

    private Command decode(Consumer<Map<String, String>> change, byte @Nullable [] body) {
        Map<String, String> headers =
                new HashMap<>(codec.encode(command, "inventory.commands", "k").headers());
        change.accept(headers);
        return codec.decodeCommand(new InboundMessage("inventory.commands", 0, 0, "k", headers, body));
    }

    private static InboundMessage received(OutboundMessage message) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(message.topic(), 0, 0, bytes(message.key()), message.body());
        message.headers().forEach((name, value) -> record.headers().add(name, bytes(value)));
        return MessageCodec.inbound(record);
    }

    /** Half of the time a good message with some bytes changed, half of the time noise. */
    private InboundMessage randomMessage(Random random) {
        OutboundMessage good = codec.encode(command, "inventory.commands", "k");
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "inventory.commands",
                0,
                0,
                noise(random),
                random.nextBoolean() ? spoil(random, good.body()) : noise(random));
        good.headers().forEach((name, value) -> {
            if (random.nextInt(20) > 0) {
                record.headers().add(name, random.nextInt(20) > 0 ? bytes(value) : spoil(random, bytes(value)));
            }
        });
        return MessageCodec.inbound(record);
    }

    private static byte[] spoil(Random random, byte[] bytes) {
        byte[] spoiled = bytes.clone();
        for (int i = random.nextInt(3); i > 0; i--) {
            spoiled[random.nextInt(spoiled.length)] = (byte) random.nextInt(256);
        }
        return spoiled;
    }

    private static byte[] noise(Random random) {
        byte[] alphabet = bytes("{}[]\",:\\u0019eE-+.truefalsn \u0000\u00ff");
        byte[] noise = new byte[random.nextInt(40)];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = alphabet[random.nextInt(alphabet.length)];
        }
        return noise;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
