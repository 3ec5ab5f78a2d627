-- saga_v1.saga_step.generation: says when a generation grows.
-- Purpose:    every replay begins a generation, no longer only that of a rejected step.
-- Written by: nobody, a comment.
-- Read by:    whoever asks the database what the column means.
-- Rows:       none.
-- Retention:  for ever.

COMMENT ON COLUMN saga_v1.saga_step.generation IS '1-based; grows each time an operator replays the step.';
