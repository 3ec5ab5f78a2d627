-- saga_definition: saga definitions as they were loaded, one row per name and version.
-- Purpose:    a running saga keeps the definition it was started with, whatever is deployed later.
-- Written by: the orchestrator, when a definition is first loaded.
-- Read by:    the orchestrator, at start and when it meets a version it does not hold in memory.
-- Rows:       a handful, tens in the long run.
-- Retention:  for ever; a version is never changed or removed.

CREATE TABLE saga_definition (
    name       text        NOT NULL,
    version    integer     NOT NULL,
    checksum   text        NOT NULL, -- SHA-256 of the definition's content, lower-case hex
    source     text        NOT NULL, -- as it was given: YAML, or JSON
    created_at timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT saga_definition_pk PRIMARY KEY (name, version),
    CONSTRAINT saga_definition_name_size CHECK (char_length(name) BETWEEN 1 AND 128),
    CONSTRAINT saga_definition_version_counts_from_1 CHECK (version >= 1),
    CONSTRAINT saga_definition_checksum_is_sha256 CHECK (checksum ~ '^[0-9a-f]{64}$'),
    CONSTRAINT saga_definition_source_size CHECK (octet_length(source) BETWEEN 1 AND 65536)
);

CREATE TRIGGER saga_definition_insert_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON saga_definition
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a definition is never changed or removed; load a new version');

GRANT SELECT, INSERT ON saga_definition TO ${app_role};
