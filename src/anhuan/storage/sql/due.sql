-- name: claim_timers
-- A fair share of each tenant's due timers, earliest first; what another worker has claimed is passed over.
WITH share AS (
    SELECT timer.tenant_id, timer.case_id, timer.duty_no
    FROM (SELECT DISTINCT tenant_id FROM (
              SELECT tenant_id FROM timer
              WHERE due_at <= %(now)s AND (claimed_until IS NULL OR claimed_until < %(now)s)
              ORDER BY due_at LIMIT 1000) AS early) AS waiting,
         LATERAL (
             SELECT tenant_id, case_id, duty_no, due_at FROM timer
             WHERE timer.tenant_id = waiting.tenant_id AND due_at <= %(now)s
               AND (claimed_until IS NULL OR claimed_until < %(now)s)
             ORDER BY due_at LIMIT %(limit)s
             FOR UPDATE SKIP LOCKED
         ) AS timer
    ORDER BY row_number() OVER (PARTITION BY timer.tenant_id ORDER BY timer.due_at)
    LIMIT %(limit)s
)
UPDATE timer SET claimed_until = %(until)s FROM share
WHERE timer.tenant_id = share.tenant_id AND timer.case_id = share.case_id AND timer.duty_no = share.duty_no
RETURNING timer.tenant_id, timer.case_id, timer.duty_no, timer.step, timer.generation, timer.due_at

-- name: timer_done
-- Let a timer go that led to nothing new; one that was set anew meanwhile stays.
DELETE FROM timer
WHERE tenant_id = %(tenant)s AND case_id = %(case_id)s AND duty_no = %(duty_no)s
  AND step = %(step)s AND generation = %(generation)s AND due_at = %(due_at)s

-- name: claim_effects
-- A fair share of each tenant's due effects, oldest first.
WITH share AS (
    SELECT outbox.tenant_id, outbox.id
    FROM (SELECT DISTINCT tenant_id FROM (
              SELECT tenant_id FROM outbox
              WHERE due_at <= %(now)s AND (claimed_until IS NULL OR claimed_until < %(now)s)
              ORDER BY due_at LIMIT 1000) AS early) AS waiting,
         LATERAL (
             SELECT tenant_id, id FROM outbox
             WHERE outbox.tenant_id = waiting.tenant_id AND due_at <= %(now)s
               AND (claimed_until IS NULL OR claimed_until < %(now)s)
             ORDER BY due_at, id LIMIT %(limit)s
             FOR UPDATE SKIP LOCKED
         ) AS outbox
    ORDER BY row_number() OVER (PARTITION BY outbox.tenant_id ORDER BY outbox.id)
    LIMIT %(limit)s
)
UPDATE outbox SET claimed_until = %(until)s, attempts = outbox.attempts + 1 FROM share
WHERE outbox.tenant_id = share.tenant_id AND outbox.id = share.id
RETURNING outbox.tenant_id, outbox.id, outbox.attempts

-- name: wanted
-- What claimed effects want done.
SELECT id, effect FROM outbox WHERE tenant_id = %(tenant)s AND id = ANY(%(ids)s::bigint[])

-- name: effects_done
-- Effects that are done.
DELETE FROM outbox WHERE tenant_id = %(tenant)s AND id = ANY(%(ids)s::bigint[])

-- name: effect_failed
-- An effect could not be done and is tried again later.
UPDATE outbox SET due_at = %(again_at)s, claimed_until = NULL, failure = %(why)s
WHERE tenant_id = %(tenant)s AND id = %(id)s

-- name: tell
-- Put notices into people's inboxes; told again by the same effect, nobody is told twice.
-- Whoever watches is called: who has something new, in pieces that fit into a notification.
WITH told AS (
    INSERT INTO notice (tenant_id, person, case_id, duty_no, template, urgent, at, effect)
    SELECT %(tenant)s, row.person, row.case_id, row.duty_no, row.template, row.urgent, %(at)s, row.effect
    FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS row (person text, case_id text, duty_no integer, template text, urgent boolean, effect text)
    ON CONFLICT (tenant_id, effect, person) DO NOTHING
    RETURNING person
),
people AS (
    SELECT person, (row_number() OVER (ORDER BY person) - 1) / 50 AS piece FROM (SELECT DISTINCT person FROM told) AS once
)
SELECT pg_notify('anhuan_live', json_build_object('tenant', %(tenant)s::text, 'noticed', json_agg(person))::text)
FROM people GROUP BY piece

-- name: earlier
-- The latest closed case of the same kind about the same thing; a filter that is null is not looked at.
SELECT earlier.id
FROM case_row AS present JOIN case_row AS earlier
  ON earlier.tenant_id = present.tenant_id AND earlier.kind = present.kind AND earlier.id <> present.id
 AND earlier.opened_at < present.opened_at
WHERE present.tenant_id = %(tenant)s AND present.id = %(case_id)s
  AND earlier.status = 'closed' AND NOT earlier.imported AND earlier.closed_at >= %(since)s
  AND earlier.outcome = ANY(%(closed_as)s::text[])
  AND (%(area)s::text IS NULL OR earlier.area = %(area)s)
  AND (%(equipment)s::text IS NULL OR earlier.equipment = %(equipment)s)
  AND (%(category)s::text IS NULL OR earlier.category = %(category)s)
ORDER BY earlier.closed_at DESC LIMIT 1

-- name: open_cases
-- Every open case of a tenant.
SELECT id FROM case_row WHERE tenant_id = %(tenant)s AND status = 'open' ORDER BY id

-- name: tenants
-- Every tenant of the installation.
SELECT id FROM tenant ORDER BY id

-- name: last_slot
-- The latest slot of a schedule that was seen to.
SELECT max(starts_at) FROM schedule_slot WHERE tenant_id = %(tenant)s AND schedule = %(schedule)s

-- name: slot_seen
-- A slot has been seen to: it raised a case, or was missed.
INSERT INTO schedule_slot (tenant_id, schedule, starts_at, case_id)
VALUES (%(tenant)s, %(schedule)s, %(starts_at)s, %(case_id)s)
ON CONFLICT (tenant_id, schedule, starts_at) DO NOTHING

-- name: dates_seen
-- Those of some dates of the plant that have raised their case.
SELECT d.kind, d.item_kind, d.item, d.field, d.due_on
FROM jsonb_to_recordset(%(near)s::jsonb) AS n (kind text, item_kind text, item text, field text, due_on date)
JOIN raised_date d ON d.tenant_id = %(tenant)s
    AND (d.kind, d.item_kind, d.item, d.field, d.due_on) = (n.kind, n.item_kind, n.item, n.field, n.due_on)

-- name: date_seen
-- A date of the plant has raised a case.
INSERT INTO raised_date (tenant_id, kind, item_kind, item, field, due_on, case_id)
VALUES (%(tenant)s, %(kind)s, %(item_kind)s, %(item)s, %(field)s, %(due_on)s, %(case_id)s)
ON CONFLICT (tenant_id, kind, item_kind, item, field, due_on) DO NOTHING
