-- Records of closed cases that are owed to another system (docs/how-to/feed-another-system.md).
CREATE TABLE delivery (
    tenant_id     text NOT NULL,
    id            text NOT NULL,         -- case and version: sent again, it is the same
    body          text NOT NULL,         -- JSON, byte for byte as it is signed and sent
    at            timestamptz NOT NULL,
    due_at        timestamptz NOT NULL,
    attempts      integer NOT NULL DEFAULT 0,
    claimed_until timestamptz,
    failure       text,                  -- why the last attempt failed
    delivered_at  timestamptz,           -- taken; null: still owed
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX delivery_due ON delivery (tenant_id, due_at) WHERE delivered_at IS NULL;

ALTER TABLE delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON delivery USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));

GRANT SELECT, INSERT, UPDATE ON delivery TO anhuan_app;

-- Steps that must be proven, and those that have all of their evidence (core/completeness.py). What a duty asks for stands in
-- the event that opened it from now on; cases of before have no such steps.
ALTER TABLE case_row ADD COLUMN steps integer NOT NULL DEFAULT 0;
ALTER TABLE case_row ADD COLUMN steps_complete integer NOT NULL DEFAULT 0;
ALTER TABLE case_row ALTER COLUMN steps DROP DEFAULT;
ALTER TABLE case_row ALTER COLUMN steps_complete DROP DEFAULT;
