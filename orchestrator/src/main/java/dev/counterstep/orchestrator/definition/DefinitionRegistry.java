package dev.counterstep.orchestrator.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

import dev.counterstep.orchestrator.definition.TriggerNames.TriggerName;

/**
 * All definitions, every version of each. A version is stored once and never changes; new sagas run the latest, running ones
 * the version they were started with.
 *
 * <p>Thread-safe. What was put on another node is found at once when a saga needs it, and is known as the latest version after
 * at most {@code counterstep.definitions.refresh}.
 */
@Component
public final class DefinitionRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(DefinitionRegistry.class);

    private final DefinitionParser parser;
    private final DefinitionStore store;
    private final AllowList allowed;
    private final Map<DefinitionVersion, Unreadable> unreadable = new ConcurrentHashMap<>();
    private volatile Map<DefinitionVersion, LoadedDefinition> loaded = Map.of();
    private volatile Map<String, LoadedDefinition> latest = Map.of();

    @Autowired
    DefinitionRegistry(DefinitionParser parser, DefinitionStore store, DefinitionProperties properties) {
        this(
                parser,
                store,
                new AllowList(
                        properties.participants(), properties.definitions().topics()));
        DefinitionFiles.load(properties.definitions().folder()).forEach(file -> register(file.content(), file.name()));
    }

    /**
     * A version that is stored and cannot be read here.
     *
     * @param reason why, in one sentence
     * @param events those it names
     */
    private record Unreadable(String reason, Set<TriggerName> events) {}

    private DefinitionRegistry(DefinitionParser parser, DefinitionStore store, AllowList allowed) {
        this.parser = parser;
        this.store = store;
        this.allowed = allowed;
        refresh();
    }

    /** What is stored and nothing else, for reading: no file is loaded, nothing is written. */
    public static DefinitionRegistry ofStored(DataSource database) {
        return new DefinitionRegistry(
                new DefinitionParser(WireLimits.STANDARD),
                new DefinitionStore(JdbcClient.create(database)),
                AllowList.ANY);
    }

    /**
     * What became of a registration.
     *
     * @param definition the definition
     * @param isNew false when exactly this version was stored already
     */
    public record Registration(LoadedDefinition definition, boolean isNew) {}

    /**
     * One version of a definition, from memory or else from the database.
     *
     * @throws UnknownDefinitionException when there is none, or this node cannot read it
     */
    public LoadedDefinition find(String name, int version) {
        DefinitionVersion sought = new DefinitionVersion(name, version);
        LoadedDefinition known = loaded.get(sought);
        if (known != null) {
            return known;
        }
        Unreadable given = unreadable.get(sought);
        if (given != null) { // tried again with every refresh, not for every message and every row
            throw new UnknownDefinitionException(given.reason());
        }
        return fetch(sought);
    }

    /**
     * The versions that are stored and that this node cannot read, because they use what only a newer one knows; each with
     * the sentence that says why. Their sagas are other nodes' business. Usually empty.
     */
    public Map<DefinitionVersion, String> unreadable() {
        return unreadable.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, version -> version.getValue().reason()));
    }

    /** The latest version among those that this node cannot read, and that may start or cancel sagas on this event. */
    public Optional<DefinitionVersion> unreadableNaming(String topic, String type) {
        return unreadable.entrySet().stream()
                .filter(version -> version.getValue().events().contains(new TriggerName(topic, type)))
                .map(Map.Entry::getKey)
                .max(Comparator.comparingInt(DefinitionVersion::version).thenComparing(DefinitionVersion::name));
    }

    /** Whether this node has a version in memory; {@link #find} loads one that it has not. */
    public boolean isLoaded(DefinitionVersion version) {
        return loaded.containsKey(version);
    }

    /** The version that new sagas run. */
    public Optional<LoadedDefinition> latest(String name) {
        return Optional.ofNullable(latest.get(name));
    }

    /** The latest version of every definition, by name. */
    public List<LoadedDefinition> latest() {
        return latest.values().stream()
                .sorted(Comparator.comparing(definition -> definition.saga().name()))
                .toList();
    }

    /** Every version, by name, the latest first. */
    public List<LoadedDefinition> all() {
        return loaded.values().stream()
                .sorted(Comparator.comparing((LoadedDefinition definition) ->
                                definition.saga().name())
                        .thenComparing(definition -> definition.saga().version(), Comparator.reverseOrder()))
                .toList();
    }

    /** The definitions that an event may start a saga of; each has to be asked whether the event matches. */
    public List<LoadedDefinition> startedBy(String topic, String type) {
        return latest().stream()
                .filter(definition -> definition.start() != null
                        && definition.start().topic().equals(topic)
                        && definition.start().type().equals(type))
                .toList();
    }

    /**
     * The versions whose sagas an event may cancel, by name, the latest first: a saga is cancelled by what its own version
     * says.
     */
    public List<LoadedDefinition> cancelledBy(String topic, String type) {
        return all().stream()
                .filter(definition -> definition.cancel() != null
                        && definition.cancel().topic().equals(topic)
                        && definition.cancel().type().equals(type))
                .toList();
    }

    /** The topics whose events may start or cancel sagas: those that are allowed, whether a definition uses them yet or not. */
    public Set<String> startTopics() {
        return Set.copyOf(Objects.requireNonNull(allowed.topics()));
    }

    /**
     * Checks a definition without storing it.
     *
     * @throws InvalidDefinitionException with all that is wrong
     */
    public LoadedDefinition validate(String source) {
        return parser.parse(source, "the source", allowed);
    }

    /**
     * Checks and stores a definition; new sagas run it from now on if it is the latest version.
     *
     * @throws InvalidDefinitionException with all that is wrong
     * @throws DefinitionConflictException when this version is stored with other content
     */
    public Registration register(String source) {
        return register(source, "the source");
    }

    private Registration register(String source, String origin) {
        LoadedDefinition definition = parser.parse(source, origin, allowed);
        boolean isNew = !isStored(definition) && store.insert(definition);
        if (!isNew) {
            isStored(definition); // once more: another node may have been faster, with other content
        }
        add(List.of(definition));
        return new Registration(definition, isNew);
    }

    /**
     * Whether exactly this is stored already.
     *
     * @throws DefinitionConflictException when this version is stored with other content
     */
    public boolean isStored(LoadedDefinition definition) {
        Optional<DefinitionStore.Row> stored = store.find(key(definition));
        if (stored.isPresent() && !stored.get().checksum().equals(definition.checksum())) {
            throw new DefinitionConflictException(definition.saga().reference());
        }
        return stored.isPresent();
    }

    @Scheduled(fixedDelayString = "${counterstep.definitions.refresh:5s}")
    void refreshInTime() {
        try {
            refresh();
        } catch (DataAccessException databaseIsAway) {
            LOG.debug("definitions could not be refreshed", databaseIsAway);
        }
    }

    /** Learns what was put on other nodes. What this node cannot read it leaves to others, says so once, and tries again. */
    void refresh() {
        for (DefinitionVersion stored : store.all()) {
            if (!loaded.containsKey(stored)) {
                try {
                    fetch(stored);
                } catch (UnknownDefinitionException cannotBeRead) {
                    LOG.debug("{}", cannotBeRead.reason());
                }
            }
        }
    }

    private LoadedDefinition fetch(DefinitionVersion sought) {
        DefinitionStore.Row row = store.find(sought)
                .orElseThrow(() -> new UnknownDefinitionException("there is no definition " + sought));
        try {
            LoadedDefinition definition = parser.parse(row.source(), "stored definition", AllowList.ANY);
            add(List.of(definition));
            return definition;
        } catch (InvalidDefinitionException cause) {
            String reason = "this node cannot read definition %s: %s"
                    .formatted(sought, cause.problems().get(0));
            if (unreadable.put(sought, new Unreadable(reason, TriggerNames.of(row.source()))) == null) {
                LOG.warn("{}; its sagas are left to nodes that can", reason);
            }
            throw new UnknownDefinitionException(reason, cause);
        }
    }

    private synchronized void add(Collection<LoadedDefinition> definitions) {
        Map<DefinitionVersion, LoadedDefinition> next = new HashMap<>(loaded);
        definitions.forEach(definition -> next.putIfAbsent(key(definition), definition));
        definitions.forEach(definition -> unreadable.remove(key(definition)));
        loaded = Map.copyOf(next);
        latest = latestOf(next.values().stream());
    }

    private static Map<String, LoadedDefinition> latestOf(Stream<LoadedDefinition> definitions) {
        return definitions.collect(Collectors.toMap(
                definition -> definition.saga().name(),
                definition -> definition,
                (one, other) -> one.saga().version() > other.saga().version() ? one : other,
                TreeMap::new));
    }

    private static DefinitionVersion key(LoadedDefinition definition) {
        return new DefinitionVersion(definition.saga().name(), definition.saga().version());
    }
}
