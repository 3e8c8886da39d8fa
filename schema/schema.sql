-- The whole schema of Anhuan, readable from top to bottom. schema/migrations comes to the same (a test compares).
--
-- Each table is singular and belongs to one tenant: its tenant leads the primary key and every unique index, and
-- row-level security, forced on the owner too, shows only rows of the tenant in the setting `anhuan.tenant`, which each
-- transaction sets for itself. Without the setting there is nothing to see.
--
-- Roles are the cluster's and exist before: anhuan_owner owns the schema and migrates it, anhuan_app serves people and
-- machines, anhuan_worker does what time makes due. The last two own nothing.

GRANT USAGE ON SCHEMA public TO anhuan_app, anhuan_worker;


-- == Identity: who is there, and how they prove it ============================================================

CREATE TABLE tenant (
    id            text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9_-]{1,64}$'),
    slug          text NOT NULL CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,39}$'),  -- what stands behind the @ of a log-in
    name          text NOT NULL,
    language      text NOT NULL CHECK (language IN ('zh', 'en')),
    time_zone     text NOT NULL,
    created_at    timestamptz NOT NULL,
    plant_version bigint NOT NULL DEFAULT 0  -- grows with each edit of the plant
);
-- The one index across tenants: a slug is given by whoever sets up the installation, never by a tenant.
CREATE UNIQUE INDEX tenant_slug ON tenant (slug);

CREATE TABLE account (
    tenant_id     text NOT NULL REFERENCES tenant,
    id            text NOT NULL,
    login         text NOT NULL CHECK (login ~ '^[^@[:space:]]{1,64}$'),
    password_hash text,              -- argon2id; null: nobody signs in with a password (machines, external log-ins)
    person_id     text,              -- who of the plant this is; null: nobody (machines)
    roles         text[] NOT NULL,
    language      text CHECK (language IN ('zh', 'en')),
    is_demo       boolean NOT NULL DEFAULT false,
    failed_logins integer NOT NULL DEFAULT 0,
    locked_until  timestamptz,       -- the account lock; it always ends
    disabled_at   timestamptz,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX account_login ON account (tenant_id, login);
CREATE INDEX account_person ON account (tenant_id, person_id) WHERE person_id IS NOT NULL;

CREATE TABLE session (
    tenant_id    text NOT NULL,
    token_hash   bytea NOT NULL,     -- SHA-256 of the secret; the secret itself is nowhere but in the browser
    account_id   text NOT NULL,
    csrf         text NOT NULL,
    user_agent   text NOT NULL,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account ON DELETE CASCADE
);
CREATE INDEX session_account ON session (tenant_id, account_id);

CREATE TABLE api_token (
    tenant_id    text NOT NULL,
    id           text NOT NULL,
    token_hash   bytea NOT NULL,
    account_id   text NOT NULL,
    name         text NOT NULL,
    created_at   timestamptz NOT NULL,
    created_by   text NOT NULL,      -- the account that made it
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account ON DELETE CASCADE
);
CREATE UNIQUE INDEX api_token_hash ON api_token (tenant_id, token_hash);
CREATE INDEX api_token_account ON api_token (tenant_id, account_id);

CREATE TABLE external_identity (
    tenant_id  text NOT NULL,
    provider   text NOT NULL,        -- wecom, dingtalk ...
    subject    text NOT NULL,        -- the provider's own id of the person
    account_id text NOT NULL,
    PRIMARY KEY (tenant_id, provider, subject),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account ON DELETE CASCADE
);
CREATE INDEX external_identity_account ON external_identity (tenant_id, account_id);

ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON tenant USING (id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON account USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE session FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON session USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE api_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_token FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON api_token USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE external_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE external_identity FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON external_identity USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));

-- Somebody signing in has no tenant yet. The owner, and so `find_login`, which runs as the owner, may see which tenants
-- there are, and of the accounts only those with the one log-in that is being looked for.
CREATE POLICY every_tenant ON tenant FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY sought_login ON account FOR SELECT TO CURRENT_USER
    USING (login = nullif(current_setting('anhuan.sought_login', true), ''));

-- Which accounts a typed log-in may mean: `login`, or `login@slug` where several tenants share an installation.
CREATE FUNCTION find_login(typed text) RETURNS TABLE (tenant_id text, account_id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('anhuan.sought_login', split_part(typed, '@', 1), true);
    RETURN QUERY
        SELECT account.tenant_id, account.id
        FROM account JOIN tenant ON tenant.id = account.tenant_id
        WHERE account.login = split_part(typed, '@', 1)
          AND (position('@' IN typed) = 0 OR tenant.slug = split_part(typed, '@', 2));
    PERFORM set_config('anhuan.sought_login', '', true);
END
$$;
REVOKE EXECUTE ON FUNCTION find_login(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_login(text) TO anhuan_app;

GRANT SELECT, INSERT, UPDATE ON tenant, account TO anhuan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON session, api_token, external_identity TO anhuan_app;
GRANT SELECT ON tenant, account TO anhuan_worker;


-- == The plant and its packs: what decisions are made by ======================================================

CREATE TABLE plant_item (
    tenant_id text NOT NULL,
    kind      text NOT NULL,             -- area, person, equipment ... (anhuan.domain.plant_items)
    id        text NOT NULL,
    body      jsonb NOT NULL,
    version   bigint NOT NULL,           -- the plant's version that it was last changed in
    PRIMARY KEY (tenant_id, kind, id)
);

CREATE TABLE pack_version (
    tenant_id    text NOT NULL,
    name         text NOT NULL,
    version      text NOT NULL,
    files        jsonb NOT NULL,         -- path -> text; never changed once published
    published_at timestamptz NOT NULL,
    published_by text,
    is_current   boolean NOT NULL,       -- new cases begin in it
    PRIMARY KEY (tenant_id, name, version)
);
CREATE UNIQUE INDEX pack_version_current ON pack_version (tenant_id, name) WHERE is_current;


-- == Cases: their events, and the rows that are read ==========================================================

-- Everything that happened, in order per stream: a case's id, `plant`, or `tenant`. Only ever added to.
CREATE TABLE event (
    tenant_id text NOT NULL,
    stream    text NOT NULL,
    version   integer NOT NULL,          -- 1, 2, 3 ... per stream; two writers of the same version cannot both win
    type      text NOT NULL,
    at        timestamptz NOT NULL,
    by_person text,
    payload   text NOT NULL,             -- JSON, byte for byte what the ledger's commitment is over
    salt      bytea NOT NULL,            -- opens the commitment; destroyed when personal data is erased
    PRIMARY KEY (tenant_id, stream, version)
);

-- One row per case, as its events leave it; written with them, rebuilt and compared by `anhuan fsck`.
CREATE TABLE case_row (
    tenant_id          text NOT NULL,
    id                 text NOT NULL,
    version            integer NOT NULL,
    kind               text NOT NULL,
    pack               text NOT NULL,
    pack_version       text NOT NULL,
    number             text NOT NULL,
    title              text NOT NULL,
    status             text NOT NULL,    -- open, closed
    stage              text NOT NULL,
    area               text,
    equipment          text,
    category           text,
    risk_level         text,
    source             text NOT NULL,
    reporter           text,
    finder             text,
    found_at           timestamptz NOT NULL,
    opened_at          timestamptz NOT NULL,
    stage_entered_at   timestamptz,
    due_at             timestamptz,
    overdue_at         timestamptz,      -- the case's own deadline first passed; never erased
    closed_at          timestamptz,
    outcome            text,
    cycle_s            integer,
    cycle_working_days double precision,
    imported           boolean NOT NULL,
    reopened           integer NOT NULL,
    parent             text,
    fold_key           text,
    fields             jsonb NOT NULL,   -- the kind's own columns of the register
    search             text NOT NULL,    -- lower-cased text that the register searches
    parts              text[] NOT NULL,  -- who has a part in it, and so sees it: parties, and who acted
    teams              text[] NOT NULL,  -- of these the teams: whoever owes or owed a duty, or was told of one
    waits_for          text,             -- what an open case waits for: deferral, approval, receipt, verification, work
    waited_s           integer[],        -- how long a closed case has waited, for each of these in this order
    deferrals          integer NOT NULL,
    hand_overs         integer NOT NULL,
    steps              integer NOT NULL, -- that must be proven by now
    steps_complete     integer NOT NULL, -- those of them that have all of their evidence
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX case_row_number ON case_row (tenant_id, number);
CREATE UNIQUE INDEX case_row_fold ON case_row (tenant_id, kind, fold_key) WHERE fold_key IS NOT NULL AND status = 'open';
CREATE INDEX case_row_opened ON case_row (tenant_id, opened_at DESC, id DESC);
CREATE INDEX case_row_open_due ON case_row (tenant_id, due_at, id) WHERE status = 'open';
CREATE INDEX case_row_closed ON case_row (tenant_id, closed_at DESC, id DESC)
    INCLUDE (kind, source, imported, cycle_s, cycle_working_days, waited_s) WHERE status = 'closed';
CREATE INDEX case_row_taken_over ON case_row (tenant_id, kind, found_at) WHERE source = 'import';
CREATE INDEX case_row_parent ON case_row (tenant_id, parent) WHERE parent IS NOT NULL;
CREATE INDEX case_row_place ON case_row (tenant_id, kind, equipment, category, opened_at DESC);

-- One row per duty of a case.
CREATE TABLE duty_row (
    tenant_id   text NOT NULL,
    case_id     text NOT NULL,
    no          integer NOT NULL,
    key         text NOT NULL,
    stage       text NOT NULL,
    deed        text NOT NULL,
    part        text NOT NULL,
    party       text NOT NULL,           -- post:area_owner@area-press, team:electricians, person:p-017
    told        text[],                  -- parties that the ladder has told, who may do it too; null: nobody yet
    status      text NOT NULL,
    opened_at   timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    breached_at timestamptz,
    ended_at    timestamptz,
    claimed_by  text,
    blind       boolean NOT NULL,
    PRIMARY KEY (tenant_id, case_id, no)
);
CREATE INDEX duty_row_party ON duty_row (tenant_id, party, due_at) WHERE status = 'open';
CREATE INDEX duty_row_told ON duty_row (tenant_id) WHERE status = 'open' AND told IS NOT NULL;

-- Numbers are leased in blocks by each process; gaps are allowed, a lock on the hot path is not.
CREATE TABLE number_block (
    tenant_id text NOT NULL,
    series    text NOT NULL,             -- prefix and year: YH-2026
    next      bigint NOT NULL,
    PRIMARY KEY (tenant_id, series)
);

-- Idempotency keys, kept as long as the ledger: the same key answers the same.
CREATE TABLE command_key (
    tenant_id text NOT NULL,
    key       text NOT NULL,
    body_hash text NOT NULL,             -- SHA-256 of what was asked; another body under the key is a conflict
    case_id   text NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
);

-- What came under a key that was used already for something else: kept for a person to look at.
CREATE TABLE command_conflict (
    tenant_id text NOT NULL,
    id        text NOT NULL,
    key       text NOT NULL,
    case_id   text NOT NULL,
    body      jsonb NOT NULL,
    at        timestamptz NOT NULL,
    by_person text,
    PRIMARY KEY (tenant_id, id)
);

-- Files that were uploaded; the bytes are in the object store under their SHA-256.
CREATE TABLE stored_file (
    tenant_id   text NOT NULL,
    sha256      text NOT NULL,
    kind        text NOT NULL,           -- photo, scan, signature, document
    media_type  text NOT NULL,
    size_bytes  bigint NOT NULL,
    width_px    integer,
    height_px   integer,
    exif        jsonb,
    uploaded_by text,
    uploaded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, sha256)
);

-- The inbox: what people were told.
CREATE TABLE notice (
    tenant_id text NOT NULL,
    id        bigint GENERATED ALWAYS AS IDENTITY,
    person    text NOT NULL,
    case_id   text NOT NULL,
    duty_no   integer,
    template  text NOT NULL,
    urgent    boolean NOT NULL,
    at        timestamptz NOT NULL,
    seen_at   timestamptz,
    effect    text NOT NULL,             -- the outbox row it came from: delivered again, it is not told again
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX notice_once ON notice (tenant_id, effect, person);
CREATE INDEX notice_person ON notice (tenant_id, person, id DESC);

-- Registers that were imported, and what a plant taught us about its columns.
CREATE TABLE import_run (
    tenant_id  text NOT NULL,
    id         text NOT NULL,
    kind       text NOT NULL,
    file_name  text NOT NULL,
    sha256     text NOT NULL,
    layout     jsonb NOT NULL,
    counts     jsonb,                    -- null: looked at, not taken in yet
    created_at timestamptz NOT NULL,
    created_by text,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE import_layout (
    tenant_id   text NOT NULL,
    kind        text NOT NULL,
    fingerprint text NOT NULL,
    layout      jsonb NOT NULL,
    PRIMARY KEY (tenant_id, kind, fingerprint)
);
CREATE TABLE saved_view (
    tenant_id  text NOT NULL,
    account_id text NOT NULL,
    id         text NOT NULL,
    name       text NOT NULL,
    query      text NOT NULL,            -- the register's address after the ?
    PRIMARY KEY (tenant_id, account_id, id)
);


-- == What time and the outside make due =======================================================================
-- The worker sees these three across tenants, and in them only ids and times.

CREATE TABLE timer (
    tenant_id  text NOT NULL,
    case_id    text NOT NULL,
    duty_no    integer NOT NULL,
    step       integer NOT NULL,
    generation integer NOT NULL,
    due_at     timestamptz NOT NULL,
    claimed_until timestamptz,           -- somebody works on it till then; a dead worker's claim lapses
    PRIMARY KEY (tenant_id, case_id, duty_no)
) WITH (fillfactor = 70);                -- room to claim a row where it stands
CREATE INDEX timer_due ON timer (due_at);
CREATE INDEX timer_tenant_due ON timer (tenant_id, due_at);

CREATE TABLE outbox (
    tenant_id     text NOT NULL,
    id            bigint GENERATED ALWAYS AS IDENTITY,
    effect        jsonb NOT NULL,        -- the worker's own role cannot read it
    due_at        timestamptz NOT NULL,
    attempts      integer NOT NULL DEFAULT 0,
    claimed_until timestamptz,
    failure       text,                  -- why the last attempt failed
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX outbox_due ON outbox (due_at);
CREATE INDEX outbox_tenant_due ON outbox (tenant_id, due_at);

-- Records of closed cases that are owed to another system, and those that it has taken.
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

CREATE TABLE ledger_pending (
    tenant_id text NOT NULL,
    id        bigint GENERATED ALWAYS AS IDENTITY,
    stream    text NOT NULL,
    version   integer NOT NULL,
    PRIMARY KEY (tenant_id, id)
);


-- == The ledger ===============================================================================================

CREATE TABLE ledger_entry (
    tenant_id text NOT NULL,
    index     bigint NOT NULL,
    stream    text NOT NULL,
    version   integer NOT NULL,
    entry     bytea NOT NULL,            -- the leaf, byte for byte
    PRIMARY KEY (tenant_id, index)
);
CREATE UNIQUE INDEX ledger_entry_event ON ledger_entry (tenant_id, stream, version);

CREATE TABLE ledger_tile (
    tenant_id text NOT NULL,
    level     integer NOT NULL,
    tile      bigint NOT NULL,
    hashes    bytea NOT NULL,            -- up to 256 hashes of 32 bytes
    PRIMARY KEY (tenant_id, level, tile)
);
ALTER TABLE ledger_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;  -- hashes cannot be compressed

CREATE TABLE ledger_head (
    tenant_id  text PRIMARY KEY,
    size       bigint NOT NULL,
    edge       bytea NOT NULL,           -- the right edge: all that an append needs
    checkpoint text,                     -- the last signed checkpoint
    signed_at  timestamptz
);


-- == Who may what =============================================================================================

ALTER TABLE plant_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE plant_item FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON plant_item USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE pack_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE pack_version FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON pack_version USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE event FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON event USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE case_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_row FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON case_row USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE duty_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE duty_row FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON duty_row USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE number_block ENABLE ROW LEVEL SECURITY;
ALTER TABLE number_block FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON number_block USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE command_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE command_key FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON command_key USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE command_conflict ENABLE ROW LEVEL SECURITY;
ALTER TABLE command_conflict FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON command_conflict USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE stored_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE stored_file FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON stored_file USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON notice USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE import_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_run FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON import_run USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE import_layout ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_layout FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON import_layout USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE saved_view ENABLE ROW LEVEL SECURITY;
ALTER TABLE saved_view FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON saved_view USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE timer ENABLE ROW LEVEL SECURITY;
ALTER TABLE timer FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON timer USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON delivery USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON outbox USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE ledger_pending ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_pending FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON ledger_pending USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON ledger_entry USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE ledger_tile ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_tile FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON ledger_tile USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE ledger_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_head FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON ledger_head USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));

CREATE POLICY every_tenant ON timer TO anhuan_worker USING (true);
CREATE POLICY every_tenant ON outbox TO anhuan_worker USING (true);
CREATE POLICY every_tenant ON ledger_pending TO anhuan_worker USING (true);

-- Events and the ledger are only ever added to.
GRANT SELECT, INSERT ON event, ledger_entry, pack_version, command_key, command_conflict, stored_file TO anhuan_app;
GRANT UPDATE (is_current) ON pack_version TO anhuan_app;
GRANT SELECT, INSERT, UPDATE ON case_row, duty_row, number_block, notice, import_run, import_layout, ledger_tile,
    ledger_head TO anhuan_app;
GRANT SELECT, INSERT, UPDATE ON delivery TO anhuan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON plant_item, saved_view, timer, outbox, ledger_pending TO anhuan_app;
GRANT SELECT (tenant_id, case_id, duty_no, step, generation, due_at, claimed_until), UPDATE (claimed_until) ON timer
    TO anhuan_worker;
GRANT SELECT (tenant_id, id, due_at, attempts, claimed_until), UPDATE (claimed_until, attempts) ON outbox
    TO anhuan_worker;
GRANT SELECT ON ledger_pending TO anhuan_worker;


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

-- The worker goes through all tenants; of each it sees that it is there, and no more.
REVOKE SELECT ON tenant, account FROM anhuan_worker;
GRANT SELECT (id) ON tenant TO anhuan_worker;
CREATE POLICY every_tenant_id ON tenant FOR SELECT TO anhuan_worker USING (true);


-- == Files ====================================================================================================

-- Which accounts have sent a file's bytes: only they may put it into a case, or see it outside of one.
CREATE TABLE file_sender (
    tenant_id  text NOT NULL,
    sha256     text NOT NULL,
    account_id text NOT NULL,
    PRIMARY KEY (tenant_id, sha256, account_id)
);

-- Copies of a picture that were made to be shown, each with its watermark burnt in; they are objects of their own.
CREATE TABLE file_rendition (
    tenant_id text NOT NULL,
    sha256    text NOT NULL,             -- of the original
    watermark text NOT NULL,             -- SHA-256 of what is burnt in
    served    text NOT NULL,             -- the object of the large copy
    thumbnail text NOT NULL,             -- and that of the small one
    PRIMARY KEY (tenant_id, sha256, watermark)
);

ALTER TABLE file_sender ENABLE ROW LEVEL SECURITY;
ALTER TABLE file_sender FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON file_sender USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));
ALTER TABLE file_rendition ENABLE ROW LEVEL SECURITY;
ALTER TABLE file_rendition FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON file_rendition USING (tenant_id = nullif(current_setting('anhuan.tenant', true), ''));

GRANT SELECT, INSERT ON file_sender TO anhuan_app;
GRANT SELECT, INSERT, UPDATE ON file_rendition TO anhuan_app;


-- == What photos have in common ==============================================================================

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


-- == Floor plans ==============================================================================================

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
