-- name: marks
-- The plant's version and the packs that are current: what a snapshot in memory is true for.
SELECT plant_version,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(name, version) ORDER BY name), '[]')
        FROM pack_version WHERE tenant_id = %(tenant)s AND is_current)
FROM tenant WHERE id = %(tenant)s

-- name: items
-- All items of the plant.
SELECT kind, body FROM plant_item WHERE tenant_id = %(tenant)s ORDER BY kind, id

-- name: raise_version
-- Take the next version of the plant, if it is still at the one that the edit was made on.
UPDATE tenant SET plant_version = plant_version + 1
WHERE id = %(tenant)s AND plant_version = %(expected)s
RETURNING plant_version

-- name: put_items
-- Put items, new or changed.
INSERT INTO plant_item (tenant_id, kind, id, body, version)
SELECT %(tenant)s, row.kind, row.id, row.body, %(version)s
FROM jsonb_to_recordset(%(items)s::jsonb) AS row (kind text, id text, body jsonb)
ON CONFLICT (tenant_id, kind, id) DO UPDATE SET body = excluded.body, version = excluded.version

-- name: remove_items
-- Remove items.
DELETE FROM plant_item USING jsonb_to_recordset(%(items)s::jsonb) AS row (kind text, id text)
WHERE plant_item.tenant_id = %(tenant)s AND plant_item.kind = row.kind AND plant_item.id = row.id

-- name: add_event
-- Add the next event to one of the tenant's own streams (`plant`, `tenant`), and to what the ledger must take up.
WITH written AS (
    INSERT INTO event (tenant_id, stream, version, type, at, by_person, payload, salt)
    SELECT %(tenant)s, %(stream)s, 1 + coalesce(max(version), 0), %(type)s, %(at)s, %(by)s, %(payload)s, %(salt)s
    FROM event WHERE tenant_id = %(tenant)s AND stream = %(stream)s
    RETURNING tenant_id, stream, version
)
INSERT INTO ledger_pending (tenant_id, stream, version) SELECT tenant_id, stream, version FROM written

-- name: pack_files
-- The files of a published version.
SELECT files FROM pack_version WHERE tenant_id = %(tenant)s AND name = %(name)s AND version = %(version)s

-- name: packs
-- Every published version, newest first.
SELECT name, version, published_at, published_by, is_current FROM pack_version
WHERE tenant_id = %(tenant)s ORDER BY name, published_at DESC

-- name: retire_pack
-- New cases no longer begin in the version that was current.
UPDATE pack_version SET is_current = false WHERE tenant_id = %(tenant)s AND name = %(name)s AND is_current

-- name: make_current
-- New cases begin in this version from now on.
UPDATE pack_version SET is_current = true WHERE tenant_id = %(tenant)s AND name = %(name)s AND version = %(version)s

-- name: publish_pack
-- A new published version.
INSERT INTO pack_version (tenant_id, name, version, files, published_at, published_by, is_current)
VALUES (%(tenant)s, %(name)s, %(version)s, %(files)s, %(at)s, %(by)s, true)

-- name: item_version
-- The plant's version in which an item was last changed.
SELECT version FROM plant_item WHERE tenant_id = %(tenant)s AND kind = %(kind)s AND id = %(id)s

-- name: item_versions
-- The plant's version in which each item of a kind was last changed.
SELECT id, version FROM plant_item WHERE tenant_id = %(tenant)s AND kind = %(kind)s

-- name: named_by_cases
-- How many cases name an item of the plant as their place, their equipment, or somebody with a part in them; of a
-- person also how many accounts.
SELECT (SELECT count(*) FROM case_row
        WHERE tenant_id = %(tenant)s
          AND CASE %(kind)s::text
                  WHEN 'area' THEN area = %(id)s
                  WHEN 'equipment' THEN equipment = %(id)s
                  WHEN 'person' THEN parts && ARRAY[%(party)s::text, 'drawn:' || %(id)s::text]
                  ELSE false
              END)
     + (SELECT count(*) FROM account
        WHERE tenant_id = %(tenant)s AND %(kind)s::text = 'person' AND person_id = %(id)s)

-- name: area_loads
-- Open cases of each area, and those of them that are past their deadline.
SELECT area, count(*), count(*) FILTER (WHERE due_at < %(at)s) FROM case_row
WHERE tenant_id = %(tenant)s AND status = 'open' AND area IS NOT NULL GROUP BY area

-- name: wake_all
-- Let the worker look at every open case again: the plant has changed.
INSERT INTO outbox (tenant_id, effect, due_at) VALUES (%(tenant)s, %(effect)s, %(at)s)

-- name: keep_picture
-- Remember a picture of a floor plan.
INSERT INTO plan_picture (tenant_id, sha256, media_type, width_px, height_px, added_by)
VALUES (%(tenant)s, %(sha256)s, %(media_type)s, %(width_px)s, %(height_px)s, %(by)s)
ON CONFLICT DO NOTHING

-- name: picture
-- What is known of a picture of a floor plan.
SELECT media_type, width_px, height_px FROM plan_picture WHERE tenant_id = %(tenant)s AND sha256 = %(sha256)s
