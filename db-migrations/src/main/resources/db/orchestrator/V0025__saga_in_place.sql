-- saga: most updates stay within their page and touch no index (HOT).
-- Purpose:    a saga of five steps is updated five times. updated_at, which every update changes, is in no index any more, and
--             next_action_at is moved only when its time has come or the saga ends; half of each page is left for the next versions.
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE saga SET (fillfactor = 50);

DROP INDEX saga_stuck_idx;

-- Query: "GET /sagas/stuck" and view saga_v1.stuck_saga, which sort the few that there are.
CREATE INDEX saga_stuck_idx ON saga (id) WHERE status = 'STUCK';
