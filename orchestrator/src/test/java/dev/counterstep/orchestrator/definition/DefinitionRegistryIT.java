package dev.counterstep.orchestrator.definition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.orchestrator.saga.SagaDefinition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Nodes that share a database of definitions. */
class DefinitionRegistryIT {

    private static final String TRIP = """
            saga: trip
            version: 1
            start: {topic: order.events, type: trip.wanted, businessKey: input.id}
            cancel: {topic: order.events, type: trip.unwanted, businessKey: input.id}
            steps:
              - {id: seat, participant: inventory, action: seat.take}
            """;

    @TempDir
    private Path folder;

    private TestDatabase database;

    @BeforeEach
    void newDatabase() {
        database = TestInfrastructure.newDatabase("orchestrator");
    }

    private DefinitionRegistry node(@Nullable Path mounted) {
        return node(mounted, "order", "inventory", "payment", "delivery");
    }

    private DefinitionRegistry node(@Nullable Path mounted, String... participants) {
        return new DefinitionRegistry(
                new DefinitionParser(WireLimits.STANDARD),
                new DefinitionStore(JdbcClient.create(database.dataSource())),
                new DefinitionProperties(
                        Set.of(participants),
                        new DefinitionProperties.Sources(mounted, Set.of("order.events"), Duration.ofHours(1))));
    }

    private void mount(String name, String source) {
        try {
            Files.writeString(folder.resolve(name), source);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    @Test
    void shippedAndMountedDefinitionsAreThereFromTheStart() {
        mount("trip.yaml", TRIP);
        mount("notes.txt", "not a definition");

        assertThat(node(folder).latest().stream().map(LoadedDefinition::saga).map(SagaDefinition::reference))
                .containsExactly("order-fulfilment:1", "payment-first-order:1", "trip:1");
    }

    @Test
    void brokenFileStopsTheStartWithAllThatIsWrong() {
        mount(
                "trip.yaml",
                TRIP.replace("participant: inventory", "participant: inventry").replace("seat.take", "9"));

        assertThatThrownBy(() -> node(folder)).isInstanceOfSatisfying(InvalidDefinitionException.class, invalid -> {
            assertThat(invalid)
                    .hasMessageStartingWith(folder.resolve("trip.yaml") + " is not a valid saga definition:\n")
                    .hasMessageContaining("line 6, column 29: 'inventry' is not a participant")
                    .hasMessageContaining("line 6, column 47: 'action' is a message type");
            FailureAnalysis shown = new InvalidDefinitionFailureAnalyzer().analyze(invalid, invalid);
            assertThat(shown.getDescription()).isEqualTo(invalid.getMessage());
        });
    }

    @Test
    void missingFolderStopsTheStart() {
        assertThatThrownBy(() -> node(folder.resolve("nowhere")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void changedFileOfTheSameVersionStopsTheStart() {
        mount("trip.yaml", TRIP);
        node(folder);
        mount("trip.yaml", TRIP.replace("seat.take", "seat.grab"));

        assertThatThrownBy(() -> node(folder))
                .isInstanceOf(DefinitionConflictException.class)
                .hasMessage(
                        "trip:1 is stored with other content, and a version never changes: give the change a new version");
    }

    @Test
    void definitionPutOnOneNodeIsFoundOnAnother() {
        DefinitionRegistry one = node(null);
        DefinitionRegistry other = node(null);
        one.register(TRIP);
        one.register(TRIP.replace("version: 1", "version: 2"));

        assertThat(other.find("trip", 1).saga().version()).isEqualTo(1);
        other.refresh();
        assertThat(other.latest("trip"))
                .hasValueSatisfying(
                        latest -> assertThat(latest.saga().version()).isEqualTo(2));
        assertThat(other.startedBy("order.events", "trip.wanted")).hasSize(1);
        assertThat(other.cancelledBy("order.events", "trip.unwanted").stream()
                        .map(definition -> definition.saga().version()))
                .as("running sagas are cancelled by their own version")
                .containsExactly(2, 1);
        assertThat(other.startedBy("order.events", "trip.unwanted")).isEmpty();
    }

    @Test
    void storedDefinitionOutlivesTheListOfParticipants() {
        node(null).register(TRIP.replace("inventory", "delivery"));

        assertThat(node(null, "order", "inventory", "payment", "delivery").find("trip", 1))
                .isNotNull();
        DefinitionRegistry node = node(null, "order", "inventory", "payment", "delivery", "shipping");
        node.register(TRIP.replace("version: 1", "version: 2").replace("inventory", "shipping"));
        assertThat(node(null).find("trip", 2).saga().step("seat").participant()).isEqualTo("shipping");
    }

    @Test
    void definitionThatThisNodeCannotReadIsLeftToOthers() {
        JdbcClient.create(database.dataSource())
                .sql(
                        "INSERT INTO saga_definition (name, version, checksum, source) VALUES ('trip', 9, :checksum, :source)")
                .param("checksum", "0".repeat(64))
                .param("source", TRIP.replace("version: 1", "version: 9\nnewfangled: true"))
                .update();
        DefinitionRegistry node = node(null);

        assertThat(node.latest("trip")).isEmpty();
        assertThatThrownBy(() -> node.find("trip", 9))
                .isInstanceOf(UnknownDefinitionException.class)
                .hasMessageStartingWith(
                        "this node cannot read definition trip:9: line 3, column 1: a definition has no field")
                .hasMessageContaining("newfangled");
        assertThatThrownBy(() -> node.find("trip", 10)).hasMessage("there is no definition trip:10");
    }
}
