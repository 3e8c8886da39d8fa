-- Imports of registers: what was sent in, how it was read, what became of it, and what plants said about layouts.

-- name: add
-- A new import.
INSERT INTO import_run (tenant_id, id, kind, file_name, sha256, layout, created_at, created_by)
VALUES (%(tenant)s, %(id)s, %(kind)s, %(file_name)s, %(sha256)s, %(layout)s, %(created_at)s, %(created_by)s)

-- name: run
-- One import.
SELECT id, kind, file_name, sha256, layout, created_at, created_by, counts
FROM import_run WHERE tenant_id = %(tenant)s AND id = %(id)s

-- name: runs
-- The newest first, a page of them.
SELECT id, kind, file_name, sha256, layout, created_at, created_by, counts
FROM import_run
WHERE tenant_id = %(tenant)s
  AND (%(before_at)s::timestamptz IS NULL OR (created_at, id) < (%(before_at)s::timestamptz, %(before_id)s::text))
ORDER BY created_at DESC, id DESC LIMIT %(limit)s

-- name: lay_out
-- How the file is read, corrected.
UPDATE import_run SET layout = %(layout)s WHERE tenant_id = %(tenant)s AND id = %(id)s

-- name: begin
-- Take an import on, unless it is finished or somebody who was heard of lately has it.
UPDATE import_run SET counts = %(progress)s
WHERE tenant_id = %(tenant)s AND id = %(id)s
  AND (counts IS NULL
       OR (counts ->> 'finished_at' IS NULL AND (counts ->> 'at')::timestamptz < %(idle_since)s))
RETURNING id

-- name: go_on
-- How far it has come.
UPDATE import_run SET counts = %(progress)s WHERE tenant_id = %(tenant)s AND id = %(id)s

-- name: known
-- Keys under which something was done already.
SELECT key FROM command_key WHERE tenant_id = %(tenant)s AND key = ANY (%(keys)s)

-- name: remembered
-- What the plant said about a layout.
SELECT layout FROM import_layout
WHERE tenant_id = %(tenant)s AND kind = %(kind)s AND fingerprint = %(fingerprint)s

-- name: remember
-- What the plant says about a layout from now on.
INSERT INTO import_layout (tenant_id, kind, fingerprint, layout)
VALUES (%(tenant)s, %(kind)s, %(fingerprint)s, %(layout)s)
ON CONFLICT (tenant_id, kind, fingerprint) DO UPDATE SET layout = excluded.layout
