-- The register of every kind in order of time, who may see which case, and views that belong to an account.
ALTER TABLE case_row ADD COLUMN parts text[] NOT NULL DEFAULT '{}';
ALTER TABLE case_row ALTER COLUMN parts DROP DEFAULT;

DROP INDEX case_row_opened;
CREATE INDEX case_row_opened ON case_row (tenant_id, opened_at DESC, id DESC);
DROP INDEX case_row_open_due;
CREATE INDEX case_row_open_due ON case_row (tenant_id, due_at, id) WHERE status = 'open';

ALTER TABLE saved_view DROP CONSTRAINT saved_view_pkey;
ALTER TABLE saved_view DROP COLUMN kind;
ALTER TABLE saved_view ALTER COLUMN query TYPE text USING query #>> '{}';
ALTER TABLE saved_view ADD PRIMARY KEY (tenant_id, account_id, id);
