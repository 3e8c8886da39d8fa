-- Accounts have events from now on (docs/decisions/account-events.md). Each account that is there begins its history
-- with what it is at this moment, in the ledger's queue like every other event. No secret goes into it.
DO $$
DECLARE
    plant  text;
    moment timestamptz := date_trunc('microseconds', now());
BEGIN
    FOR plant IN SELECT id FROM tenant ORDER BY id LOOP
        PERFORM set_config('anhuan.tenant', plant, true);
        INSERT INTO event (tenant_id, stream, version, type, at, by_person, payload, salt)
        SELECT account.tenant_id, 'account:' || account.id, 1, 'AccountAdopted', moment, NULL,
               jsonb_build_object(
                   'type', 'AccountAdopted', 'at', moment, 'by', NULL, 'by_account', NULL,
                   'account', account.id, 'login', account.login, 'roles', account.roles,
                   'person', account.person_id, 'language', account.language, 'is_demo', account.is_demo,
                   'has_password', account.password_hash IS NOT NULL, 'created_at', account.created_at,
                   'disabled_at', account.disabled_at, 'locked_until', account.locked_until,
                   'tokens', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                         'token', token.id, 'name', token.name, 'created_at', token.created_at,
                                         'created_by', token.created_by, 'expires_at', token.expires_at,
                                         'revoked_at', token.revoked_at) ORDER BY token.id), '[]')
                              FROM api_token AS token
                              WHERE token.tenant_id = account.tenant_id AND token.account_id = account.id))::text,
               sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
        FROM account WHERE account.tenant_id = plant;
        INSERT INTO ledger_pending (tenant_id, stream, version)
        SELECT tenant_id, stream, version FROM event
        WHERE tenant_id = plant AND type = 'AccountAdopted' ORDER BY stream;
    END LOOP;
    PERFORM set_config('anhuan.tenant', '', true);
END
$$;
