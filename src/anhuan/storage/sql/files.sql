-- Uploaded files: what is known of them, who sent them, and which copies of them were made.

-- name: files
-- What is known of some files.
SELECT sha256, kind, media_type, size_bytes, width_px, height_px, exif, uploaded_by, uploaded_at
FROM stored_file WHERE tenant_id = %(tenant)s AND sha256 = ANY (%(sha256s)s)

-- name: add
-- Remember a file and its sender; whoever sends it again is noted beside the first.
WITH file AS (
    INSERT INTO stored_file (tenant_id, sha256, kind, media_type, size_bytes, width_px, height_px, exif, uploaded_by,
                             uploaded_at)
    VALUES (%(tenant)s, %(sha256)s, %(kind)s, %(media_type)s, %(size_bytes)s, %(width_px)s, %(height_px)s, %(exif)s,
            %(uploaded_by)s, %(uploaded_at)s)
    ON CONFLICT DO NOTHING
)
INSERT INTO file_sender (tenant_id, sha256, account_id) VALUES (%(tenant)s, %(sha256)s, %(sender)s)
ON CONFLICT DO NOTHING

-- name: sent
-- Those of some files that an account has sent.
SELECT sha256 FROM file_sender
WHERE tenant_id = %(tenant)s AND sha256 = ANY (%(sha256s)s) AND account_id = %(sender)s

-- name: rendition
-- The copies of a picture under one watermark.
SELECT served, thumbnail FROM file_rendition
WHERE tenant_id = %(tenant)s AND sha256 = %(sha256)s AND watermark = %(watermark)s

-- name: keep_rendition
-- Copies that were just made; they replace those that were lost.
INSERT INTO file_rendition (tenant_id, sha256, watermark, served, thumbnail)
VALUES (%(tenant)s, %(sha256)s, %(watermark)s, %(served)s, %(thumbnail)s)
ON CONFLICT (tenant_id, sha256, watermark) DO UPDATE SET served = excluded.served, thumbnail = excluded.thumbnail
