package dev.counterstep.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

import dev.counterstep.messaging.InboundMessage;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What {@code docs/asyncapi.yaml} and its schemas say about messages, for tests that hold the code to it. */
final class WireDocuments {

    private static final URI ASYNCAPI = Path.of("..", "docs", "asyncapi.yaml").toUri();
    private static final URI SCHEMAS = Path.of("..", "docs", "schemas").toUri();
    private static final YAMLMapper YAML = YAMLMapper.builder().build(); // reads JSON too
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<URI, JsonNode> files = new LinkedHashMap<>();
    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemas((String iri) -> iri.startsWith("file:") ? text(URI.create(iri)) : null));

    /** A node, and where it is: in this file, at this JSON pointer. */
    record Place(URI file, String pointer, JsonNode node) {

        Place at(String name) {
            return new Place(file, pointer + "/" + name, node.path(name));
        }

        Place at(int index) {
            return new Place(file, pointer + "/" + index, node.path(index));
        }

        /** The places below this one. */
        List<Place> all() {
            return node.isArray()
                    ? IntStream.range(0, node.size()).mapToObj(this::at).toList()
                    : node.propertyNames().stream().map(this::at).toList();
        }
    }

    /** A message as it is described: its name, which is its {@code ce_type}, its headers and its body. */
    record Description(String name, Place headers, Place body) {}

    /** What is wrong with a message that was on a topic; nothing when it is as described. */
    List<String> objections(InboundMessage message) {
        String type = message.headers().getOrDefault("ce_type", "");
        Description description = description(message.topic(), type);
        if (description == null) {
            return List.of("no " + type + " is described on " + message.topic());
        }
        String body = message.body() == null ? "null" : new String(message.body(), UTF_8);
        List<String> objections =
                new ArrayList<>(violations(description.headers(), JSON.writeValueAsString(message.headers())));
        if (!isDeadLetter(message.topic())) {
            objections.addAll(violations(description.body(), body));
        }
        return objections;
    }

    /** The fields of a message's body that its description does not have. */
    Set<String> undescribed(InboundMessage message) {
        Description description = description(message.topic(), message.headers().getOrDefault("ce_type", ""));
        Set<String> fields = new TreeSet<>(JSON.readTree(message.body()).propertyNames());
        if (description != null) {
            fields.removeAll(properties(description.body()));
        }
        return fields;
    }

    /** The messages of one topic, by its address. */
    List<Description> on(String topic) {
        return channel(topic).at("messages").all().stream()
                .map(this::resolved)
                .map(this::description)
                .toList();
    }

    /** The addresses of all topics that are not patterns. */
    Set<String> topics() {
        Set<String> topics = new LinkedHashSet<>();
        for (Place channel : document().at("channels").all()) {
            String address = channel.node().path("address").asString();
            if (!address.contains("{")) {
                topics.add(address);
            }
        }
        return topics;
    }

    /** The headers of a command, reply, event or dead letter. */
    Place headers(String kind) {
        return follow(document(), "./schemas/headers.schema.json#/$defs/" + kind);
    }

    /** The names of the properties that a schema describes, those of the schemas that it extends among them. */
    Set<String> properties(Place schema) {
        Set<String> names = new TreeSet<>(schema.node().path("properties").propertyNames());
        extended(schema).forEach(more -> names.addAll(properties(more)));
        return names;
    }

    /** The names of the properties that a schema demands. */
    Set<String> required(Place schema) {
        Set<String> names = new TreeSet<>();
        schema.node().path("required").forEach(name -> names.add(name.asString()));
        extended(schema).forEach(more -> names.addAll(required(more)));
        return names;
    }

    /** Where a value breaks a schema. */
    List<String> violations(Place schema, String json) {
        return schemas
                .getSchema(SchemaLocation.of(schema.file() + "#" + schema.pointer()))
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Object::toString)
                .toList();
    }

    /** The references of all documents that lead nowhere. */
    List<String> danglingReferences() throws IOException {
        List<String> dangling = new ArrayList<>();
        try (Stream<Path> documents = Files.list(Path.of(SCHEMAS))) {
            Stream.concat(Stream.of(ASYNCAPI), documents.map(Path::toUri)).forEach(file -> {
                Place start = new Place(file, "", file(file));
                for (String reference : start.node().findValuesAsString("$ref")) {
                    if (follow(start, reference).node().isMissingNode()) {
                        dangling.add(file + ": " + reference);
                    }
                }
            });
        }
        return dangling;
    }

    private static boolean isDeadLetter(String topic) {
        return topic.endsWith(".dlt");
    }

    private @Nullable Description description(String topic, String type) {
        List<Description> described = on(topic);
        return described.stream()
                .filter(candidate ->
                        candidate.name().equals(type) || candidate.name().isEmpty())
                .findFirst()
                .orElse(null);
    }

    /** A message's own parts, or else those of its trait. */
    private Description description(Place message) {
        Place trait = resolved(message.at("traits").at(0));
        Place headers = message.node().has("headers") ? message.at("headers") : trait.at("headers");
        return new Description(
                message.node().path("name").asString(""), schema(headers), schema(message.at("payload")));
    }

    /** The topic's own channel, or else the one whose address is a pattern for it. */
    private Place channel(String topic) {
        Place found = document().at("no such channel");
        for (Place channel : document().at("channels").all()) {
            String address = channel.node().path("address").asString();
            if (address.equals(topic)) {
                return channel;
            }
            if (topic.matches(address.replace(".", "\\.").replaceAll("\\{\\w+}", "[a-z0-9.-]+"))) {
                found = channel;
            }
        }
        return found;
    }

    /** The schema itself, where it comes with the name of its format. */
    private Place schema(Place place) {
        Place resolved = resolved(place);
        return resolved(resolved.node().has("schema") ? resolved.at("schema") : resolved);
    }

    /** The schemas whose properties are those of this one, too. */
    private List<Place> extended(Place schema) {
        List<Place> extended = new ArrayList<>();
        for (String keyword : List.of("allOf", "anyOf")) {
            schema.at(keyword).all().forEach(more -> extended.add(resolved(more)));
        }
        if (schema.node().has("$ref")) {
            extended.add(follow(schema, schema.node().path("$ref").asString()));
        }
        return extended;
    }

    /** What a node that is nothing but a reference refers to. */
    private Place resolved(Place place) {
        boolean isReference = place.node().size() == 1 && place.node().has("$ref");
        return isReference ? resolved(follow(place, place.node().path("$ref").asString())) : place;
    }

    private Place follow(Place from, String reference) {
        URI target = from.file().resolve(reference);
        URI file = withoutFragment(target);
        String pointer = target.getFragment() == null ? "" : target.getFragment();
        return new Place(file, pointer, file(file).at(pointer));
    }

    private Place document() {
        return new Place(ASYNCAPI, "", file(ASYNCAPI));
    }

    private JsonNode file(URI file) {
        return files.computeIfAbsent(file, unread -> YAML.readTree(text(unread)));
    }

    private static String text(URI file) {
        try {
            return Files.readString(Path.of(withoutFragment(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URI withoutFragment(URI uri) {
        return URI.create(uri.toString().replaceFirst("#.*", ""));
    }
}
