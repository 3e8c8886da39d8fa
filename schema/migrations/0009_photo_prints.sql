-- Fingerprints of pictures, by which one that was used before is found again (docs/explanation/photo-forensics.md).
CREATE TABLE photo_print (
    tenant_id      text NOT NULL,
    sha256         text NOT NULL,        -- of the original
    no             bigint GENERATED ALWAYS AS IDENTITY,
    method         integer NOT NULL,     -- that they were made by; others are made again
    failure        text,                 -- why there are none; null: there are
    hashes         bigint[] NOT NULL,    -- dHash and pHash: plain, mirrored, without bar, without bar mirrored
    words          integer[] NOT NULL,
    mirrored_words integer[] NOT NULL,
    PRIMARY KEY (tenant_id, sha256)
);
CREATE UNIQUE INDEX photo_print_no ON photo_print (tenant_id, no);

-- Where to look: a row per word, and per quarter of each hash that is looked up. Equality alone is asked of it, which
-- row-level security lets an index answer.
CREATE TABLE photo_key (
    tenant_id text NOT NULL,
    key       integer NOT NULL,
    no        bigint NOT NULL,           -- of photo_print
    PRIMARY KEY (tenant_id, key, no)
);

-- What comparing two pictures said; they never change, so it is kept.
CREATE TABLE photo_pair (
    tenant_id text NOT NULL,
    one       text NOT NULL,
    other     text NOT NULL,
    method    integer NOT NULL,
    likeness  jsonb NOT NULL,
    PRIMARY KEY (tenant_id, one, other)
);

-- Where pictures stand: read off the events, in the ledger's order, up to `next_index`.
CREATE TABLE photo_use (
    tenant_id text NOT NULL,
    sha256    text NOT NULL,
    case_id   text NOT NULL,
    version   integer NOT NULL,          -- of the event that brought it
    slot      text NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, sha256, case_id, version, slot)
);
CREATE TABLE photo_use_read (
    tenant_id  text PRIMARY KEY,
    next_index bigint NOT NULL
);

ALTER TABLE photo_print ENABLE ROW LEVEL SECURITY;
ALTER TABLE photo_print FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON photo_print USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE photo_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE photo_key FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON photo_key USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE photo_pair ENABLE ROW LEVEL SECURITY;
ALTER TABLE photo_pair FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON photo_pair USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE photo_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE photo_use FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON photo_use USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE photo_use_read ENABLE ROW LEVEL SECURITY;
ALTER TABLE photo_use_read FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON photo_use_read USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));

GRANT SELECT, INSERT, UPDATE ON photo_print, photo_pair, photo_use_read TO anhuan_app;
GRANT SELECT, INSERT, DELETE ON photo_key TO anhuan_app;
GRANT SELECT, INSERT ON photo_use TO anhuan_app;
