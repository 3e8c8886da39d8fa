-- name: counts
-- How much there is to check.
SELECT (SELECT count(*) FROM case_row WHERE tenant_id = %(tenant)s)
     + (SELECT count(*) FROM account WHERE tenant_id = %(tenant)s) + 2,
       (SELECT count(*) FROM event WHERE tenant_id = %(tenant)s),
       (SELECT count(*) FROM ledger_entry WHERE tenant_id = %(tenant)s)

-- name: streams
-- The next streams by name: whatever has events, a case row, a duty, a timer or an account.
SELECT stream FROM (
    (SELECT DISTINCT stream FROM event WHERE tenant_id = %(tenant)s AND stream > %(after)s ORDER BY stream LIMIT %(limit)s)
    UNION
    (SELECT id FROM case_row WHERE tenant_id = %(tenant)s AND id > %(after)s ORDER BY id LIMIT %(limit)s)
    UNION
    (SELECT DISTINCT case_id FROM duty_row
     WHERE tenant_id = %(tenant)s AND case_id > %(after)s ORDER BY case_id LIMIT %(limit)s)
    UNION
    (SELECT DISTINCT case_id FROM timer
     WHERE tenant_id = %(tenant)s AND case_id > %(after)s ORDER BY case_id LIMIT %(limit)s)
    UNION
    (SELECT 'account:' || id FROM account
     WHERE tenant_id = %(tenant)s AND 'account:' || id > %(after)s ORDER BY 1 LIMIT %(limit)s)
) AS named ORDER BY stream LIMIT %(limit)s

-- name: events
-- Events of some streams, each with its entry in the ledger and whether it still waits for one.
SELECT event.stream, event.version, event.type, event.at, event.by_person, event.payload, event.salt,
       ledger_entry.index, ledger_entry.entry, pending.stream IS NOT NULL
FROM event LEFT JOIN ledger_entry ON ledger_entry.tenant_id = event.tenant_id
 AND ledger_entry.stream = event.stream AND ledger_entry.version = event.version
LEFT JOIN (SELECT DISTINCT stream, version FROM ledger_pending
           WHERE tenant_id = %(tenant)s AND stream = ANY(%(streams)s::text[])) AS pending
  ON pending.stream = event.stream AND pending.version = event.version
WHERE event.tenant_id = %(tenant)s AND event.stream = ANY(%(streams)s::text[])
ORDER BY event.stream, event.version

-- name: case_rows
-- The rows of some cases.
SELECT id, to_jsonb(case_row) FROM case_row WHERE tenant_id = %(tenant)s AND id = ANY(%(streams)s::text[])

-- name: duty_rows
-- The duties of some cases.
SELECT case_id, to_jsonb(duty_row) FROM duty_row
WHERE tenant_id = %(tenant)s AND case_id = ANY(%(streams)s::text[]) ORDER BY case_id, no

-- name: timer_rows
-- The timers of some cases; whether somebody works on one just now is no part of what must be.
SELECT case_id, to_jsonb(timer) - 'claimed_until' FROM timer
WHERE tenant_id = %(tenant)s AND case_id = ANY(%(streams)s::text[]) ORDER BY case_id, duty_no

-- name: accounts
-- What events tell of some accounts, as it is stored.
SELECT id, jsonb_build_object(
           'id', id, 'login', login, 'roles', roles, 'person', person_id, 'language', language, 'is_demo', is_demo,
           'has_password', password_hash IS NOT NULL, 'disabled_at', disabled_at, 'locked_until', locked_until,
           'created_at', created_at,
           'tokens', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                 'id', token.id, 'name', token.name, 'created_at', token.created_at,
                                 'created_by', token.created_by, 'expires_at', token.expires_at,
                                 'revoked_at', token.revoked_at) ORDER BY token.id), '[]')
                      FROM api_token AS token
                      WHERE token.tenant_id = account.tenant_id AND token.account_id = account.id))
FROM account WHERE tenant_id = %(tenant)s AND id = ANY(%(ids)s::text[])

-- name: head
-- The log's head.
SELECT edge, checkpoint, signed_at FROM ledger_head WHERE tenant_id = %(tenant)s

-- name: entries
-- Entries at some places of the log.
SELECT index, stream, version, entry FROM ledger_entry
WHERE tenant_id = %(tenant)s AND index >= %(first)s AND index < %(stop)s ORDER BY index

-- name: hashes
-- Some hash tiles.
SELECT ledger_tile.level, ledger_tile.tile, ledger_tile.hashes
FROM unnest(%(levels)s::integer[], %(tiles)s::bigint[]) AS wanted (level, tile)
JOIN ledger_tile ON ledger_tile.tenant_id = %(tenant)s
 AND ledger_tile.level = wanted.level AND ledger_tile.tile = wanted.tile

-- name: tile_count
-- How many hash tiles there are.
SELECT count(*) FROM ledger_tile WHERE tenant_id = %(tenant)s

-- name: unfounded
-- Entries and pending rows whose event is not there.
SELECT stream, version FROM (
    SELECT stream, version FROM ledger_entry WHERE tenant_id = %(tenant)s
    UNION ALL SELECT stream, version FROM ledger_pending WHERE tenant_id = %(tenant)s
) AS named
WHERE NOT EXISTS (SELECT FROM event WHERE event.tenant_id = %(tenant)s
                  AND event.stream = named.stream AND event.version = named.version)
ORDER BY stream, version LIMIT 1000

-- name: plant
-- The plant's items.
SELECT kind, id, body FROM plant_item WHERE tenant_id = %(tenant)s

-- name: plant_version
-- The plant's version.
SELECT plant_version FROM tenant WHERE id = %(tenant)s

-- name: packs
-- Every published version of every pack.
SELECT name, version, files, is_current FROM pack_version WHERE tenant_id = %(tenant)s
