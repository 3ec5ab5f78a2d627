package dev.counterstep.orchestrator.definition;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import dev.counterstep.orchestrator.saga.SagaData;
import dev.counterstep.orchestrator.saga.SagaStep;

import static org.assertj.core.api.Assertions.assertThat;

/** Sources and short cuts for the tests of this package. */
final class DefinitionFixtures {

    static final AllowList ALLOWED =
            new AllowList(Set.of("order", "inventory", "payment", "delivery"), Set.of("order.events"));

    private static final DefinitionParser PARSER = new DefinitionParser(WireLimits.STANDARD);

    private DefinitionFixtures() {}

    /** What the parser takes, the JSON Schema must take. */
    static LoadedDefinition parse(String source) {
        LoadedDefinition definition = PARSER.parse(source, "the source", ALLOWED);
        assertThat(DefinitionSchema.errors(source)).as(source).isEmpty();
        return definition;
    }

    /** What is wrong with a source, each as {@code line:column message}. */
    static List<String> problems(String source) {
        try {
            parse(source);
            return List.of();
        } catch (InvalidDefinitionException invalid) {
            return invalid.problems().stream()
                    .map(problem -> problem.line() + ":" + problem.column() + " " + problem.sentence())
                    .toList();
        }
    }

    /** A definition of one step, whose fields besides id and participant are given. */
    static String withStep(String fields) {
        return "saga: test\nversion: 1\nsteps:\n- {id: pay, participant: payment, action: payment.process}\n- {id: tested, participant: order, "
                + fields + "}\n";
    }

    /** The step that {@link #withStep} is about. */
    static SagaStep tested(String fields) {
        return parse(withStep(fields)).saga().step("tested");
    }

    static SagaData data(Map<String, Object> input) {
        return new SagaData(
                UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"), "test", "order-1", input, Map.of());
    }

    static SagaData data(Map<String, Object> input, Map<String, Map<String, Object>> replies) {
        return new SagaData(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"), "test", "order-1", input, replies);
    }

    static String shipped(String name) {
        try (InputStream stream = DefinitionFixtures.class.getResourceAsStream("/sagas/" + name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
