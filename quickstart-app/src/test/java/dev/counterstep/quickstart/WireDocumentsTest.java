package dev.counterstep.quickstart;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.json.JsonMapper;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.Event;
import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.MessageHeaders;
import dev.counterstep.messaging.MessagingProperties;
import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.messaging.Reply;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.SagaCommand;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The code is held to {@code docs/asyncapi.yaml} and its schemas, and they to it. {@link OrderE2E} does so with real messages. */
class WireDocumentsTest {

    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
    private static final UUID SAGA = UUID.fromString("0197a6b0-0000-7000-8000-000000000001");
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String RESERVE = "{\"orderId\": \"1\", \"productId\": \"p\", \"quantity\": 2}";

    private final WireDocuments documents = new WireDocuments();
    private final MessageCodec codec = new MessageCodec(
            new Binder(new MapConfigurationPropertySource(Map.of("counterstep.messaging.source", "test")))
                    .bindOrCreate("counterstep.messaging", MessagingProperties.class),
            Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void everyReferenceLeadsSomewhere() throws IOException {
        assertThat(documents.danglingReferences()).isEmpty();
    }

    @Test
    void codecWritesTheHeadersThatAreDescribedAndNoOthers() {
        assertHeaders("command", command(saga(true), TRACE), command(saga(false), null));
        assertHeaders(
                "reply",
                reply(saga(true), "no reason", Duration.ofSeconds(5), TRACE),
                reply(saga(false), null, null, null));
        assertHeaders("event", event(TRACE), event(null));
    }

    @Test
    void deadLetterHasTheHeadersThatAreDescribedAndNoOthers() {
        PoisonMessageException why = new PoisonMessageException("undecodable", "no JSON");
        assertHeaders(
                "dead-letter",
                codec.deadLetter(read("t", Map.of(), new byte[1_100_000]), why),
                codec.deadLetter(read("t", Map.of(), new byte[0]), why));
    }

    @Test
    void everyHeaderThatTheCodeNamesIsDescribed() throws IllegalAccessException {
        Set<String> named = new TreeSet<>();
        for (Field field : MessageHeaders.class.getFields()) {
            named.add(String.valueOf(field.get(null)));
        }
        Set<String> described = new TreeSet<>();
        for (String kind : List.of("command", "reply", "event", "dead-letter")) {
            described.addAll(documents.properties(documents.headers(kind)));
        }
        assertThat(described).isEqualTo(named);
    }

    @Test
    void everyCommandAndReplyOfTheServicesIsDescribedAndNoOthers() throws ClassNotFoundException {
        Set<String> commands = new TreeSet<>();
        Set<String> replies = new TreeSet<>();
        for (Method handler : handlers()) {
            SagaCommand command = handler.getAnnotation(SagaCommand.class);
            commands.add(command.value());
            replies.addAll(List.of(command.success(), command.failure()));
        }
        assertThat(described(".commands")).isEqualTo(commands);
        assertThat(described(".replies")).isEqualTo(replies);
    }

    @Test
    void bodyOfACommandIsDescribedAsItsHandlerReadsIt() throws ClassNotFoundException {
        for (Method handler : handlers()) {
            String command = handler.getAnnotation(SagaCommand.class).value();
            WireDocuments.Place schema = descriptions(".commands")
                    .filter(message -> message.name().equals(command))
                    .findFirst()
                    .orElseThrow()
                    .body();
            Set<String> fields = new TreeSet<>(Set.of("reason")); // comes with every compensation
            Set<String> required = new TreeSet<>();
            for (RecordComponent component : components(handler)) {
                fields.add(component.getName());
                if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    required.add(component.getName());
                }
            }
            assertThat(documents.required(schema)).as(command).isEqualTo(required);
            assertThat(documents.properties(schema))
                    .as(command)
                    .isSubsetOf(fields)
                    .containsAll(without(fields));
        }
    }

    @Test
    void messageThatIsNotAsDescribedIsFoundOut() {
        OutboundMessage good = command(saga(true), TRACE);
        assertThat(documents.objections(read("inventory.commands", good.headers(), good.body())))
                .isEmpty();
        assertFoundOut("inventory.commands", good.headers(), "{}");
        assertFoundOut("inventory.commands", good.headers(), RESERVE.replace("2", "0"));
        assertFoundOut("inventory.replies", good.headers(), RESERVE);
        assertFoundOut("inventory.commands", with(good.headers(), "saga-phase", "ROLLBACK"), RESERVE);
        assertFoundOut("inventory.commands", with(good.headers(), "saga-id", "1"), RESERVE);
        assertFoundOut("inventory.commands", with(good.headers(), "ce_time", "yesterday"), RESERVE);
        assertFoundOut("inventory.commands", with(good.headers(), "ce_source", "x".repeat(129)), RESERVE);
        Map<String, String> without = new HashMap<>(good.headers());
        without.remove("saga-attempt");
        assertFoundOut("inventory.commands", without, RESERVE);
    }

    private void assertFoundOut(String topic, Map<String, String> headers, String body) {
        assertThat(documents.objections(read(topic, headers, body.getBytes(UTF_8))))
                .isNotEmpty();
    }

    /** A message with everything has exactly the properties of the schema; one with nothing extra exactly the required. */
    private void assertHeaders(String kind, OutboundMessage full, OutboundMessage bare) {
        WireDocuments.Place schema = documents.headers(kind);
        assertThat(full.headers().keySet()).as(kind).isEqualTo(documents.properties(schema));
        assertThat(bare.headers().keySet()).as(kind).isEqualTo(documents.required(schema));
        for (OutboundMessage message : List.of(full, bare)) {
            String headers = JsonMapper.shared().writeValueAsString(message.headers());
            assertThat(documents.violations(schema, headers)).as(headers).isEmpty();
        }
    }

    private static SagaHeaders saga(boolean full) {
        return new SagaHeaders(
                SAGA,
                "order-fulfilment:1",
                "reserve-inventory",
                Phase.ACTION,
                1,
                2,
                full ? NOW.plusSeconds(30) : null,
                full ? "inventory.replies" : null);
    }

    private OutboundMessage command(SagaHeaders saga, @Nullable String trace) {
        return codec.encode(
                new Command(saga.commandId(), "inventory.reserve", saga, "order-1", trace, RESERVE.getBytes(UTF_8)),
                "inventory.commands",
                "product_1");
    }

    private OutboundMessage reply(
            SagaHeaders saga, @Nullable String reason, @Nullable Duration retryAfter, @Nullable String trace) {
        return codec.encode(
                new Reply(
                        "r-1",
                        "inventory.failed",
                        saga,
                        OutcomeKind.RETRYABLE,
                        reason,
                        retryAfter,
                        "order-1",
                        trace,
                        "{}".getBytes(UTF_8)),
                "inventory.replies");
    }

    private OutboundMessage event(@Nullable String trace) {
        return codec.encode(
                new Event("e-1", "saga.started", "/orchestrator", "s", NOW, "order-1", trace, "{}".getBytes(UTF_8)),
                "saga.events",
                "s");
    }

    private static InboundMessage read(String topic, Map<String, String> headers, byte[] body) {
        return new InboundMessage(topic, 0, 0, null, headers, body);
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> changed = new HashMap<>(headers);
        changed.put(name, value);
        return changed;
    }

    private static Set<String> without(Set<String> fields) {
        Set<String> rest = new TreeSet<>(fields);
        rest.remove("reason");
        return rest;
    }

    private Set<String> described(String suffix) {
        Set<String> names = new TreeSet<>();
        descriptions(suffix).forEach(message -> names.add(message.name()));
        return names;
    }

    private Stream<WireDocuments.Description> descriptions(String suffix) {
        return documents.topics().stream()
                .filter(topic -> topic.endsWith(suffix))
                .flatMap(topic -> documents.on(topic).stream());
    }

    private static RecordComponent[] components(Method handler) {
        boolean takesMany = handler.getParameterTypes()[0] == List.class;
        Class<?> body = handler.getParameterCount() == 2 && !takesMany
                ? handler.getParameterTypes()[1]
                : ResolvableType.forMethodParameter(handler, 0)
                        .getGeneric(0, 0) // of List<CommandWith<body>>
                        .resolve();
        return body == null ? new RecordComponent[0] : body.getRecordComponents();
    }

    /** The command handlers of all services: their classes are all on this class path. */
    private static List<Method> handlers() throws ClassNotFoundException {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(
                (reader, factory) -> reader.getAnnotationMetadata().hasAnnotatedMethods(SagaCommand.class.getName()));
        List<Method> handlers = new ArrayList<>();
        for (var candidate : scanner.findCandidateComponents("dev.counterstep")) {
            for (Method method : Class.forName(candidate.getBeanClassName()).getDeclaredMethods()) {
                if (method.isAnnotationPresent(SagaCommand.class)) {
                    handlers.add(method);
                }
            }
        }
        assertThat(handlers).hasSizeGreaterThan(5);
        return handlers;
    }
}
