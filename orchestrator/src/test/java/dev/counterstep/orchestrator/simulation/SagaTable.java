package dev.counterstep.orchestrator.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;

/** The orchestrator's tables {@code saga} and {@code saga_log}, with the rules that the real ones keep by constraint and trigger. */
final class SagaTable {

    /** A row of table {@code saga}. */
    record Row(
            SagaInstance instance, long version, @Nullable Instant nextActionAt) {}

    private final World world;
    private final Map<UUID, Row> rows = new LinkedHashMap<>();
    private final Map<String, UUID> byKey = new HashMap<>();
    private final Map<UUID, List<SagaLogEntry>> logs = new HashMap<>();
    private long lastId;

    SagaTable(World world) {
        this.world = world;
    }

    UUID nextId() {
        return new UUID(0x0190_0000_0000_7000L, ++lastId);
    }

    static String key(String definition, String businessKey) {
        return definition + "/" + businessKey;
    }

    @Nullable
    Row find(UUID id) {
        return rows.get(id);
    }

    @Nullable
    UUID find(String key) {
        return byKey.get(key);
    }

    Iterable<Row> rows() {
        return rows.values();
    }

    int size() {
        return rows.size();
    }

    List<SagaLogEntry> log(UUID id) {
        return logs.getOrDefault(id, List.of());
    }

    void insert(Row row) {
        SagaInstance saga = row.instance();
        checked(row, 1);
        rows.put(saga.id(), row);
        byKey.put(key(saga.definition(), saga.businessKey()), saga.id());
    }

    void update(Row row) {
        Row before = rows.get(row.instance().id());
        if (before == null) {
            world.violated(
                    Check.ROW_IS_VALID, "no row to update: " + row.instance().id());
            return;
        }
        if (before.instance().state().isFinal()) {
            world.violated(Check.ROW_IS_VALID, row.instance().id() + " has ended and is changed");
        }
        checked(row, before.version() + 1);
        rows.put(row.instance().id(), row);
    }

    /** Without looking at what is there: only a planted bug does that. */
    void overwrite(Row row) {
        rows.put(row.instance().id(), row);
    }

    private void checked(Row row, long version) {
        SagaInstance saga = row.instance();
        SagaChecks.checkReason(saga, world::violated);
        if (row.version() != version) {
            world.violated(Check.ROW_IS_VALID, "version " + row.version() + " where " + version + " is next");
        }
        if ((saga.endedAt() != null) != saga.state().isFinal()
                || (row.nextActionAt() != null) != saga.state().isActive()) {
            world.violated(
                    Check.ROW_IS_VALID,
                    saga.state() + " with end " + saga.endedAt() + " and next action " + row.nextActionAt());
        }
    }

    void append(UUID id, List<SagaLogEntry> entries) {
        logs.computeIfAbsent(id, none -> new ArrayList<>()).addAll(entries);
    }

    /** What only a process knew is gone. */
    void forgetTimers() {
        rows.replaceAll((id, row) -> new Row(row.instance(), row.version(), null));
    }
}
