-- Schema public of every database.
-- Purpose:    only the owner creates here; others see what a later migration grants them. Holds the one trigger function
--             by which tables refuse a change that no CHECK can express.
-- Written by: the owner.
-- Read by:    the application role.
-- Rows:       none.
-- Retention:  none.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ${app_role};

CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'integrity_constraint_violation',
        MESSAGE = format('%s: %s', TG_TABLE_NAME, TG_ARGV[0]),
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = TG_NAME;
END
$$;

COMMENT ON FUNCTION refuse_change() IS 'Trigger function: refuses the change, with the trigger''s argument as the reason.';
