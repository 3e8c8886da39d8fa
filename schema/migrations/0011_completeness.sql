-- Steps that must be proven, and those that have all of their evidence (core/completeness.py). What a duty asks for stands in
-- the event that opened it from now on; cases of before have no such steps.
ALTER TABLE case_row ADD COLUMN steps integer NOT NULL DEFAULT 0;
ALTER TABLE case_row ADD COLUMN steps_complete integer NOT NULL DEFAULT 0;
ALTER TABLE case_row ALTER COLUMN steps DROP DEFAULT;
ALTER TABLE case_row ALTER COLUMN steps_complete DROP DEFAULT;
