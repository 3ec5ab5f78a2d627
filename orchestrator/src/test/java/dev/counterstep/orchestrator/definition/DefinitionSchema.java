package dev.counterstep.orchestrator.definition;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published JSON Schema, as a validator sees it. */
final class DefinitionSchema {

    private static final String FILE = "/schemas/saga-definition.schema.json";
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(document());

    private DefinitionSchema() {}

    /** What the schema finds wrong with a source; empty when nothing is. */
    static List<String> errors(String source) {
        return SCHEMA.validate(source, isJson(source) ? InputFormat.JSON : InputFormat.YAML).stream()
                .map(Error::toString)
                .toList();
    }

    private static boolean isJson(String source) {
        try {
            return JsonMapper.shared().readTree(source).isObject();
        } catch (JacksonException yaml) {
            return false;
        }
    }

    static JsonNode document() {
        try (InputStream stream = DefinitionSchema.class.getResourceAsStream(FILE)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(stream, FILE));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
