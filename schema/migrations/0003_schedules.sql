

-- == Schedules ================================================================================================

-- Slots of schedules that have come: which case each raised. One that passed while nobody was there is kept as missed.
CREATE TABLE schedule_slot (
    tenant_id text NOT NULL,
    schedule  text NOT NULL,
    starts_at timestamptz NOT NULL,
    case_id   text,                      -- null: missed while the system was down
    PRIMARY KEY (tenant_id, schedule, starts_at)
);
ALTER TABLE schedule_slot ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedule_slot FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON schedule_slot USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
GRANT SELECT, INSERT ON schedule_slot TO anhuan_app;

-- The worker goes through all tenants; of each it sees that it is there, and no more.
REVOKE SELECT ON tenant, account FROM anhuan_worker;
GRANT SELECT (id) ON tenant TO anhuan_worker;
CREATE POLICY every_tenant_id ON tenant FOR SELECT TO anhuan_worker USING (true);
