-- name: briefs
-- Of some cases: their kind, and who has a part in them.
SELECT id, kind, parts FROM case_row WHERE tenant_id = %(tenant)s AND id = ANY(%(ids)s::text[])

-- name: size
-- How many entries the tenant's log has.
SELECT size FROM ledger_head WHERE tenant_id = %(tenant)s

-- name: since
-- The streams that moved on after a place in the log, each at its newest entry.
SELECT entered.stream, entered.version, entered.position, case_row.kind, case_row.parts
FROM (SELECT stream, max(version) AS version, max(index) AS position FROM ledger_entry
      WHERE tenant_id = %(tenant)s AND index > %(position)s AND index < %(size)s GROUP BY stream) AS entered
LEFT JOIN case_row ON case_row.tenant_id = %(tenant)s AND case_row.id = entered.stream
ORDER BY entered.position
