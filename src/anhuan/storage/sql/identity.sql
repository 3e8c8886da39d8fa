-- Who can sign in: tenants, accounts, sessions and tokens. Each statement but the first runs under the tenant's setting
-- and names the tenant besides, for the index and for a sharded database.

-- name: find_login
-- The accounts that a typed log-in may mean, in all tenants; the function runs as the schema's owner.
SELECT tenant_id, account_id FROM find_login(%(typed)s)

-- name: account_for_attempt
-- One account, held until its lock was counted up.
SELECT tenant_id, id, login, password_hash, person_id, roles, language, is_demo, failed_logins, locked_until,
       disabled_at, created_at
FROM account
WHERE tenant_id = %(tenant)s AND id = %(id)s
FOR UPDATE

-- name: store_attempt
-- The lock as an attempt to sign in leaves it.
UPDATE account SET failed_logins = %(failed_logins)s, locked_until = %(locked_until)s
WHERE tenant_id = %(tenant)s AND id = %(id)s

-- name: clear_attempts
-- The password was right: the lock is forgotten (the answer is what it was), and a hash of weaker parameters is replaced.
WITH held AS (SELECT locked_until FROM account WHERE tenant_id = %(tenant)s AND id = %(id)s FOR UPDATE)
UPDATE account
SET failed_logins = 0, locked_until = NULL, password_hash = coalesce(%(password_hash)s, password_hash)
FROM held
WHERE tenant_id = %(tenant)s AND id = %(id)s
RETURNING held.locked_until

-- name: end_stale_sessions
-- The browser's session until now, and those of this account that ended by themselves.
DELETE FROM session
WHERE tenant_id = %(tenant)s
  AND (token_hash = %(replaced)s OR account_id = %(account)s AND expires_at <= %(at)s)

-- name: open_session
-- A new session.
INSERT INTO session (tenant_id, token_hash, account_id, csrf, user_agent, created_at, last_seen_at, expires_at)
VALUES (%(tenant)s, %(token_hash)s, %(account)s, %(csrf)s, %(user_agent)s, %(created_at)s, %(last_seen_at)s,
        %(expires_at)s)

-- name: find_session
-- A live session with its account and tenant. One not seen for a while slides; the others are only read.
WITH slid AS (
    UPDATE session SET last_seen_at = %(at)s, expires_at = %(slide_to)s
    WHERE tenant_id = %(tenant)s AND token_hash = %(token_hash)s AND expires_at > %(at)s
      AND last_seen_at < %(seen_before)s
    RETURNING token_hash
)
SELECT account.tenant_id, account.id, account.login, account.password_hash, account.person_id, account.roles,
       account.language, account.is_demo, account.failed_logins, account.locked_until, account.disabled_at,
       account.created_at,
       session.token_hash, session.csrf, session.user_agent, session.created_at,
       CASE WHEN slid.token_hash IS NULL THEN session.last_seen_at ELSE %(at)s END,
       CASE WHEN slid.token_hash IS NULL THEN session.expires_at ELSE %(slide_to)s END,
       tenant.id, tenant.slug, tenant.name, tenant.language, tenant.time_zone, tenant.created_at
FROM session
JOIN account ON account.tenant_id = session.tenant_id AND account.id = session.account_id
JOIN tenant ON tenant.id = session.tenant_id
LEFT JOIN slid ON slid.token_hash = session.token_hash
WHERE session.tenant_id = %(tenant)s AND session.token_hash = %(token_hash)s
  AND session.expires_at > %(at)s AND session.created_at > %(born_after)s AND account.disabled_at IS NULL

-- name: end_session
-- Signing out.
DELETE FROM session WHERE tenant_id = %(tenant)s AND token_hash = %(token_hash)s

-- name: end_sessions_of
-- All sessions of an account but the one that is kept.
DELETE FROM session
WHERE tenant_id = %(tenant)s AND account_id = %(account)s AND token_hash IS DISTINCT FROM %(kept)s

-- name: find_token
-- The account behind a live token, with its tenant; the token's use is noted now and then.
WITH used AS (
    UPDATE api_token SET last_used_at = %(at)s
    WHERE tenant_id = %(tenant)s AND token_hash = %(token_hash)s AND revoked_at IS NULL
      AND (last_used_at IS NULL OR last_used_at < %(used_before)s)
)
SELECT account.tenant_id, account.id, account.login, account.password_hash, account.person_id, account.roles,
       account.language, account.is_demo, account.failed_logins, account.locked_until, account.disabled_at,
       account.created_at,
       tenant.id, tenant.slug, tenant.name, tenant.language, tenant.time_zone, tenant.created_at
FROM api_token
JOIN account ON account.tenant_id = api_token.tenant_id AND account.id = api_token.account_id
JOIN tenant ON tenant.id = api_token.tenant_id
WHERE api_token.tenant_id = %(tenant)s AND api_token.token_hash = %(token_hash)s AND api_token.revoked_at IS NULL
  AND (api_token.expires_at IS NULL OR api_token.expires_at > %(at)s) AND account.disabled_at IS NULL

-- name: tokens
-- The tokens that were not revoked, of one account or of all.
SELECT id, token_hash, account_id, name, created_at, created_by, expires_at, last_used_at, revoked_at
FROM api_token
WHERE tenant_id = %(tenant)s AND revoked_at IS NULL AND (%(account)s::text IS NULL OR account_id = %(account)s)
ORDER BY created_at, id

-- name: add_token
-- A new token.
INSERT INTO api_token (tenant_id, id, token_hash, account_id, name, created_at, created_by, expires_at)
VALUES (%(tenant)s, %(id)s, %(token_hash)s, %(account)s, %(name)s, %(created_at)s, %(created_by)s, %(expires_at)s)

-- name: hold_owner_of_token
-- The account that a token belongs to, held, if that is the one that is meant.
SELECT account.id FROM api_token
JOIN account ON account.tenant_id = api_token.tenant_id AND account.id = api_token.account_id
WHERE api_token.tenant_id = %(tenant)s AND api_token.id = %(id)s
  AND (%(account)s::text IS NULL OR api_token.account_id = %(account)s)
FOR UPDATE OF account

-- name: end_token
-- A token ends; it stays on record.
UPDATE api_token SET revoked_at = %(at)s
WHERE tenant_id = %(tenant)s AND id = %(id)s AND revoked_at IS NULL

-- name: expired_tokens
-- Live tokens whose time has come.
SELECT id FROM api_token
WHERE tenant_id = %(tenant)s AND revoked_at IS NULL AND expires_at <= %(at)s
ORDER BY expires_at, id
LIMIT %(limit)s

-- name: end_expired_sessions
-- Sessions that nobody can use any more.
DELETE FROM session
WHERE tenant_id = %(tenant)s AND (expires_at <= %(at)s OR created_at <= %(born_until)s)
RETURNING 1

-- name: accounts
-- A page of accounts by log-in.
SELECT tenant_id, id, login, password_hash, person_id, roles, language, is_demo, failed_logins, locked_until,
       disabled_at, created_at
FROM account
WHERE tenant_id = %(tenant)s AND login > %(after)s
ORDER BY login
LIMIT %(limit)s

-- name: account
-- One account, whatever its state.
SELECT tenant_id, id, login, password_hash, person_id, roles, language, is_demo, failed_logins, locked_until,
       disabled_at, created_at
FROM account
WHERE tenant_id = %(tenant)s AND id = %(id)s

-- name: add_account
-- A new account.
INSERT INTO account (tenant_id, id, login, password_hash, person_id, roles, language, is_demo, created_at)
VALUES (%(tenant)s, %(id)s, %(login)s, %(password_hash)s, %(person)s, %(roles)s, %(language)s, %(is_demo)s,
        %(created_at)s)

-- name: hold_administrators
-- The enabled administrators, held so that two of them cannot take each other away at once.
SELECT id FROM account
WHERE tenant_id = %(tenant)s AND disabled_at IS NULL AND 'administrator' = ANY (roles)
ORDER BY id
FOR UPDATE

-- name: change_account
-- An account as it is to be.
UPDATE account
SET password_hash = %(password_hash)s, person_id = %(person)s, roles = %(roles)s, language = %(language)s,
    is_demo = %(is_demo)s, failed_logins = %(failed_logins)s, locked_until = %(locked_until)s,
    disabled_at = %(disabled_at)s
WHERE tenant_id = %(tenant)s AND id = %(id)s

-- name: tenant
-- The tenant of the setting.
SELECT id, slug, name, language, time_zone, created_at FROM tenant WHERE id = %(tenant)s

-- name: add_tenant
-- A new tenant.
INSERT INTO tenant (id, slug, name, language, time_zone, created_at)
VALUES (%(tenant)s, %(slug)s, %(name)s, %(language)s, %(time_zone)s, %(created_at)s)
