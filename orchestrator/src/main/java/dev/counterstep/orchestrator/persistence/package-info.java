/**
 * What the orchestrator keeps in PostgreSQL, and the only place that knows its tables. A row maps to a {@code SagaInstance} and
 * back without loss; every statement works on a whole batch.
 */
@NullMarked
package dev.counterstep.orchestrator.persistence;

import org.jspecify.annotations.NullMarked;
