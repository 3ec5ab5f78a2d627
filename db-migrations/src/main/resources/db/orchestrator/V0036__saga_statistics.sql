-- saga, saga_log: statistics of the columns that are searched, no others.
-- Purpose:    a sample of a table that grows by thousands of rows a second is taken often, and wide columns make most of its cost:
--             documents are compared one with another to sort them.
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE saga
    ALTER COLUMN input SET STATISTICS 0,
    ALTER COLUMN replies SET STATISTICS 0,
    ALTER COLUMN steps SET STATISTICS 0,
    ALTER COLUMN failure_reason SET STATISTICS 0,
    ALTER COLUMN correlation_id SET STATISTICS 0,
    ALTER COLUMN traceparent SET STATISTICS 0;

ALTER TABLE saga_log
    ALTER COLUMN message_id SET STATISTICS 0,
    ALTER COLUMN detail SET STATISTICS 0;
