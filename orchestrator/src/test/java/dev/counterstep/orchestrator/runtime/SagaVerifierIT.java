package dev.counterstep.orchestrator.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.persistence.SagaVerifier.Difference;
import dev.counterstep.orchestrator.persistence.SagaVerifier.Verification;
import dev.counterstep.orchestrator.saga.SagaDefinition;

import static dev.counterstep.orchestrator.runtime.Arrivals.start;
import static org.assertj.core.api.Assertions.assertThat;

/** Every other test trusts the verifier in its teardown; this one shows that it sees what they hope it would. */
class SagaVerifierIT {

    private static final String TRIP = """
            saga: trip
            version: 1
            steps:
              - {id: seat, participant: inventory, action: seat.take, compensation: seat.give}
            """;

    @Test
    void rowThatItsLogDoesNotTellIsFoundWithTheFieldThatDiffers() {
        TestDatabase database = TestInfrastructure.newDatabase("orchestrator");
        try (OrchestratorNode node = OrchestratorNode.on(database)) {
            SagaDefinition trip = node.define(TRIP);
            List<Arrival> starts = new ArrayList<>();
            for (int i = 0; i < 501; i++) {
                starts.add(start(trip, "trip-" + i, Map.of("n", i)));
            }
            UUID last = Objects.requireNonNull(node.handle(starts).get(500).sagaId());
            SagaVerifier verifier = node.bean(SagaVerifier.class);
            assertThat(verifier.verify()).isEqualTo(new Verification(501, null));
            spoil(database, "current_step = NULL");
            assertThat(verifier.verify().difference()).isEqualTo(new Difference(last, "currentStep", "seat", "null"));
            spoil(database, "steps = jsonb_set(steps, '{seat,attempts}', '7')");
            assertThat(verifier.verify().difference()).isEqualTo(new Difference(last, "steps.seat.attempts", "1", "7"));
        }
    }

    private static void spoil(TestDatabase database, String how) {
        JdbcClient.create(database.ownerDataSource())
                .sql("UPDATE saga SET %s, version = version + 1 WHERE business_key = 'trip-500'".formatted(how))
                .update();
    }
}
