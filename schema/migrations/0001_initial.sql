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
