-- shedlock: leases, one row per name.
-- Purpose:    keeps one relay active per database. It saves work and is no safety: two active at once are only wasteful.
-- Written by: ShedLock.
-- Read by:    ShedLock.
-- Rows:       one per lease name, fewer than ten.
-- Retention:  for ever.
--
-- timestamp and not timestamptz, against the house rule: ShedLock compares with timezone('utc', CURRENT_TIMESTAMP), a
-- timestamp. A timestamptz would be read in each session's own time zone, so instances in two zones would disagree.

CREATE TABLE shedlock (
    name       text      CONSTRAINT shedlock_pk PRIMARY KEY,
    lock_until timestamp NOT NULL,
    locked_at  timestamp NOT NULL,
    locked_by  text      NOT NULL,

    CONSTRAINT shedlock_name_size CHECK (char_length(name) BETWEEN 1 AND 64),
    CONSTRAINT shedlock_locked_by_size CHECK (char_length(locked_by) <= 255)
) WITH (fillfactor = 10); -- few rows, updated every few seconds: room for HOT updates in their page

GRANT SELECT, INSERT, UPDATE ON shedlock TO ${app_role};
