-- saga: no foreign key to its definition any more.
-- Purpose:    a definition is stored before any saga of it can start and is never removed (saga_definition_insert_only), so the
--             key could not be broken; its check locked the definition's one row for every saga that started, and two nodes that
--             started sagas at once shared that lock.
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE saga
    DROP CONSTRAINT saga_definition_fk,
    ADD CONSTRAINT saga_definition_size CHECK (char_length(definition) BETWEEN 1 AND 128);
