-- Pictures below floor plans: made anew from what was sent, never the sent bytes. Only these are shown as such.
CREATE TABLE plan_picture (
    tenant_id  text NOT NULL,
    sha256     text NOT NULL,            -- the object
    media_type text NOT NULL,
    width_px   integer NOT NULL,
    height_px  integer NOT NULL,
    added_by   text,
    added_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, sha256)
);

ALTER TABLE plan_picture ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_picture FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON plan_picture USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));

GRANT SELECT, INSERT ON plan_picture TO anhuan_app;
