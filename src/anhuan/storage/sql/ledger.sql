-- name: waiting
-- The tenants of which something waits: one look into the index for each, however much waits.
WITH RECURSIVE seen (tenant_id) AS (
    (SELECT tenant_id FROM ledger_pending ORDER BY tenant_id LIMIT 1)
    UNION ALL
    SELECT (SELECT pending.tenant_id FROM ledger_pending AS pending
            WHERE pending.tenant_id > seen.tenant_id ORDER BY pending.tenant_id LIMIT 1)
    FROM seen WHERE seen.tenant_id IS NOT NULL
)
SELECT tenant_id FROM seen WHERE tenant_id IS NOT NULL

-- name: take_turn
-- Whether the tenant's log is ours until the transaction ends.
SELECT pg_try_advisory_xact_lock(hashtextextended('anhuan.ledger ' || %(tenant)s, 0))

-- name: head
-- The state of the tenant's log.
SELECT edge, checkpoint, signed_at FROM ledger_head WHERE tenant_id = %(tenant)s

-- name: pending
-- What waits, oldest first. A case's next version is decided only once the one before is stored, so that the order of
-- the pending rows is each stream's own.
SELECT pending.id, event.stream, event.version, event.type, event.at, event.payload, event.salt
FROM (SELECT id, stream, version FROM ledger_pending
      WHERE tenant_id = %(tenant)s ORDER BY id LIMIT %(limit)s) AS pending
JOIN event ON event.tenant_id = %(tenant)s AND event.stream = pending.stream AND event.version = pending.version
ORDER BY pending.id

-- name: grow
-- Entries, tiles, head and checkpoint together; what waited is let go, and the news called out at the commit.
-- A head that is not as it was read is left alone; the answer tells, and how wide the tiles are now.
WITH drained AS (
    DELETE FROM ledger_pending WHERE tenant_id = %(tenant)s AND id = ANY(%(ids)s::bigint[])
    RETURNING id, stream, version
),
written AS (
    INSERT INTO ledger_entry (tenant_id, index, stream, version, entry)
    SELECT %(tenant)s, %(first)s + place - 1, stream, version, convert_to(entry, 'UTF8')
    FROM unnest(%(ids)s::bigint[], string_to_array(%(entries)s, E'\n')) WITH ORDINALITY AS given (id, entry, place)
    JOIN drained USING (id)
    RETURNING 1
),
tiles AS (
    INSERT INTO ledger_tile (tenant_id, level, tile, hashes)
    SELECT %(tenant)s, level, tile, hashes
    FROM unnest(%(levels)s::integer[], %(tiles)s::bigint[], %(hashes)b::bytea[]) AS given (level, tile, hashes)
    ON CONFLICT (tenant_id, level, tile) DO UPDATE SET hashes = ledger_tile.hashes || excluded.hashes
    RETURNING level, tile, octet_length(hashes) AS length
),
head AS (
    INSERT INTO ledger_head (tenant_id, size, edge, checkpoint, signed_at)
    VALUES (%(tenant)s, %(size)s, %(edge)b, %(checkpoint)s, %(signed_at)s)
    ON CONFLICT (tenant_id) DO UPDATE SET
        size = excluded.size, edge = excluded.edge, checkpoint = excluded.checkpoint, signed_at = excluded.signed_at
    WHERE ledger_head.size = %(first)s
    RETURNING 1
),
told AS (
    SELECT pg_notify(%(channel)s, news)::text FROM unnest(%(news)s::text[]) AS news
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM head),
       (SELECT jsonb_agg(jsonb_build_array(level, tile, length) ORDER BY level, tile) FROM tiles),
       (SELECT count(pg_notify) FROM told)

-- name: hashes
-- Some hash tiles.
SELECT ledger_tile.level, ledger_tile.tile, ledger_tile.hashes
FROM unnest(%(levels)s::integer[], %(tiles)s::bigint[]) AS wanted (level, tile)
JOIN ledger_tile ON ledger_tile.tenant_id = %(tenant)s
 AND ledger_tile.level = wanted.level AND ledger_tile.tile = wanted.tile

-- name: entries
-- The entries of a stretch of the log.
SELECT entry FROM ledger_entry
WHERE tenant_id = %(tenant)s AND index >= %(first)s AND index < %(stop)s ORDER BY index

-- name: entry_of
-- The entry of an event.
SELECT index, stream, version, entry FROM ledger_entry
WHERE tenant_id = %(tenant)s AND stream = %(stream)s AND version = %(version)s
