package dev.counterstep.orchestrator.definition;

import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The statements on table {@code saga_definition}, whose rows never change. */
@Repository
class DefinitionStore {

    private static final String INSERT = """
            INSERT INTO saga_definition (name, version, checksum, source)
            VALUES (:name, :version, :checksum, :source)
            ON CONFLICT (name, version) DO NOTHING
            """;

    private static final String FIND = """
            SELECT name, version, checksum, source FROM saga_definition WHERE name = :name AND version = :version
            """;

    private static final String ALL = """
            SELECT name, version FROM saga_definition ORDER BY name, version
            """;

    private final JdbcClient jdbc;

    DefinitionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Row(String name, int version, String checksum, String source) {}

    /** False when that version is stored already. */
    boolean insert(LoadedDefinition definition) {
        return jdbc.sql(INSERT)
                        .param("name", definition.saga().name())
                        .param("version", definition.saga().version())
                        .param("checksum", definition.checksum())
                        .param("source", definition.source())
                        .update()
                == 1;
    }

    Optional<Row> find(DefinitionVersion key) {
        return jdbc.sql(FIND)
                .param("name", key.name())
                .param("version", key.version())
                .query(Row.class)
                .optional();
    }

    List<DefinitionVersion> all() {
        return jdbc.sql(ALL).query(DefinitionVersion.class).list();
    }
}
