package dev.counterstep.orchestrator.simulation;

/** What the orchestrator's nodes have in common. */
record OrchestratorShared(
        ModelDatabase database,
        SagaTable table,
        Definitions definitions,
        ModelBroker broker,
        ConsumerGroup group,
        Pauses pauses,
        Identities identities) {}
