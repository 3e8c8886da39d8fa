-- Fingerprints of pictures, what comparing them said, and where they stand.

-- name: keep
-- Fingerprints of a picture with the keys that it is found by, in place of older ones.
WITH kept AS (
    INSERT INTO photo_print (tenant_id, sha256, method, failure, hashes, words, mirrored_words)
    VALUES (%(tenant)s, %(sha256)s, %(method)s, %(failure)s, %(hashes)s::bigint[], %(words)s::integer[],
            %(mirrored_words)s::integer[])
    ON CONFLICT (tenant_id, sha256) DO UPDATE SET
        method = excluded.method, failure = excluded.failure, hashes = excluded.hashes, words = excluded.words,
        mirrored_words = excluded.mirrored_words
    RETURNING no
),
outdated AS (
    DELETE FROM photo_key USING photo_print
    WHERE photo_print.tenant_id = %(tenant)s AND photo_print.sha256 = %(sha256)s
      AND photo_key.tenant_id = %(tenant)s AND photo_key.no = photo_print.no
      AND photo_key.key = ANY (%(old_keys)s::integer[]) AND photo_key.key <> ALL (%(keys)s::integer[])
)
INSERT INTO photo_key (tenant_id, key, no)
SELECT %(tenant)s, key, kept.no FROM kept, unnest(%(keys)s::integer[]) AS key
ON CONFLICT DO NOTHING

-- name: print_of
-- The fingerprints of a picture.
SELECT hashes, words, mirrored_words FROM photo_print
WHERE tenant_id = %(tenant)s AND sha256 = %(sha256)s AND failure IS NULL

-- name: unprinted
-- Pictures without fingerprints by the present method; signatures are none.
SELECT file.sha256 FROM stored_file AS file
WHERE file.tenant_id = %(tenant)s AND file.kind <> 'signature' AND file.media_type LIKE 'image/%%'
  AND NOT EXISTS (SELECT FROM photo_print AS print
                  WHERE print.tenant_id = file.tenant_id AND print.sha256 = file.sha256 AND print.method = %(method)s)
ORDER BY file.uploaded_at LIMIT %(limit)s

-- name: failures
-- Which pictures were looked at, and why some have no fingerprints.
SELECT sha256, failure FROM photo_print
WHERE tenant_id = %(tenant)s AND sha256 = ANY (%(sha256s)s) AND method = %(method)s

-- name: candidates
-- Pictures that share words with the asked one or with its mirror, or one of whose hashes is near one of its own. A
-- key that is everywhere says nothing: of each no more than a few hundred rows are looked at, so the time is bounded.
WITH asked AS MATERIALIZED (
    SELECT key, is_mirrored FROM unnest(%(keys)s::integer[], %(mirrored)s::boolean[]) AS asked (key, is_mirrored)
),
found AS (
    SELECT hit.no, asked.is_mirrored, count(*) FILTER (WHERE asked.key < %(first_band)s) AS words,
           bool_or(asked.key >= %(first_band)s) AS is_near
    FROM asked CROSS JOIN LATERAL (
        SELECT photo_key.no FROM photo_key
        WHERE photo_key.tenant_id = %(tenant)s AND photo_key.key = asked.key LIMIT 300
    ) AS hit
    GROUP BY hit.no, asked.is_mirrored
),
likely AS (
    SELECT no, is_mirrored, words FROM found WHERE is_near
    UNION
    (SELECT no, is_mirrored, words FROM found WHERE words >= 2 ORDER BY words DESC LIMIT 100)
),
measured AS (
    SELECT print.sha256, likely.words, least(
               bit_count((print.hashes[1] # own.hashes[own.plain])::bit(64)),
               bit_count((print.hashes[1] # own.hashes[own.barless])::bit(64)),
               bit_count((print.hashes[5] # own.hashes[own.plain])::bit(64)),
               bit_count((print.hashes[5] # own.hashes[own.barless])::bit(64)),
               bit_count((print.hashes[6] # own.hashes[own.barless + 1])::bit(64))) AS distance
    FROM likely CROSS JOIN LATERAL (
        -- By the index, one by one: the planner thinks that there are so many that all might be read.
        SELECT photo_print.sha256, photo_print.hashes FROM photo_print
        WHERE photo_print.tenant_id = %(tenant)s AND photo_print.no = likely.no LIMIT 1
    ) AS print
    CROSS JOIN LATERAL (SELECT %(hashes)s::bigint[] AS hashes, CASE WHEN likely.is_mirrored THEN 3 ELSE 1 END AS plain,
                               CASE WHEN likely.is_mirrored THEN 7 ELSE 5 END AS barless) AS own
    WHERE print.sha256 <> %(sha256)s
)
SELECT sha256 FROM measured WHERE words >= 3 OR distance <= 7
GROUP BY sha256 ORDER BY max(words + 4 * greatest(0, 8 - distance)) DESC, sha256 LIMIT %(limit)s

-- name: uses
-- Where pictures stand.
SELECT sha256, case_id, version, slot, at FROM photo_use
WHERE tenant_id = %(tenant)s AND sha256 = ANY (%(sha256s)s) ORDER BY at, case_id, version, slot

-- name: read_uses
-- The uses in the next stretch of the ledger, and how far it is read now. Two that read at once read the same.
WITH stretch AS MATERIALIZED (
    SELECT entry.index, entry.stream, entry.version FROM ledger_entry AS entry
    WHERE entry.tenant_id = %(tenant)s AND entry.index >= coalesce(
        (SELECT next_index FROM photo_use_read WHERE tenant_id = %(tenant)s), 0)
    ORDER BY entry.index LIMIT %(limit)s
),
uses AS (
    INSERT INTO photo_use (tenant_id, sha256, case_id, version, slot, at)
    SELECT %(tenant)s, proof -> 'evidence' ->> 'sha256', event.stream, event.version, proof ->> 'slot', event.at
    FROM stretch JOIN event ON event.tenant_id = %(tenant)s AND event.stream = stretch.stream
     AND event.version = stretch.version
    CROSS JOIN LATERAL jsonb_array_elements(event.payload::jsonb -> 'proofs') AS proof
    WHERE event.payload LIKE '%%"proofs":[{%%' AND proof -> 'evidence' ->> 'media_type' LIKE 'image/%%'
    ON CONFLICT DO NOTHING
),
moved AS (
    INSERT INTO photo_use_read (tenant_id, next_index) SELECT %(tenant)s, max(index) + 1 FROM stretch HAVING count(*) > 0
    ON CONFLICT (tenant_id) DO UPDATE SET next_index = greatest(photo_use_read.next_index, excluded.next_index)
)
SELECT count(*) FROM stretch

-- name: likeness
-- What comparing two pictures said.
SELECT likeness FROM photo_pair
WHERE tenant_id = %(tenant)s AND one = %(one)s AND other = %(other)s AND method = %(method)s

-- name: keep_likeness
-- A comparison, in place of one by an older method.
INSERT INTO photo_pair (tenant_id, one, other, method, likeness)
VALUES (%(tenant)s, %(one)s, %(other)s, %(method)s, %(likeness)s)
ON CONFLICT (tenant_id, one, other) DO UPDATE SET method = excluded.method, likeness = excluded.likeness
