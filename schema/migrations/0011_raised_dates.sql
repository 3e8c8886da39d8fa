-- Dates of the plant that came near and raised a case: each date of an item once per kind of case.
CREATE TABLE raised_date (
    tenant_id text NOT NULL,
    kind      text NOT NULL,
    item_kind text NOT NULL,
    item      text NOT NULL,
    field     text NOT NULL,
    due_on    date NOT NULL,
    case_id   text NOT NULL,
    PRIMARY KEY (tenant_id, kind, item_kind, item, field, due_on)
);
ALTER TABLE raised_date ENABLE ROW LEVEL SECURITY;
ALTER TABLE raised_date FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON raised_date USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
GRANT SELECT, INSERT ON raised_date TO anhuan_app;
