-- name: cases
-- A page of the register. Conditions and order are put in by storage/register.py, which has all that may be asked.
WITH page AS (
    SELECT c.*, /*end*/ AS page_end
    FROM case_row c
    WHERE c.tenant_id = %(tenant)s /*conditions*/
    ORDER BY /*order*/
    LIMIT %(limit)s
)
SELECT c.tenant_id, c.id, c.version, c.kind, c.pack, c.pack_version, c.number, c.title, c.status, c.stage, c.area,
       c.equipment, c.category, c.risk_level, c.source, c.reporter, c.finder, c.found_at, c.opened_at,
       c.stage_entered_at, c.due_at, c.overdue_at, c.closed_at, c.outcome, c.cycle_s, c.cycle_working_days, c.imported,
       c.reopened, c.parent, c.fold_key, c.fields, c.search, c.parts, c.teams, c.waits_for,
       c.waited_s, c.deferrals, c.hand_overs, c.steps, c.steps_complete,
       coalesce(owed.owners, '{}'), coalesce(owed.is_blind, false), c.page_end
FROM page c
LEFT JOIN LATERAL (
    SELECT array_agg(CASE WHEN d.blind THEN '' ELSE d.party END ORDER BY d.no) FILTER (WHERE d.part = 'lead') AS owners,
           bool_or(d.blind AND CASE WHEN d.party LIKE 'person:%%' THEN d.party = %(person)s
                                    ELSE d.party = ANY(%(answering)s) OR d.told && %(answering)s END) AS is_blind
    FROM duty_row d
    WHERE d.tenant_id = %(tenant)s AND d.case_id = c.id AND d.status = 'open'
) owed ON true
ORDER BY /*order*/

-- name: count_cases
-- How many cases there are, counted no further than a bound.
SELECT count(*) FROM (
    SELECT FROM case_row c WHERE c.tenant_id = %(tenant)s /*conditions*/ LIMIT %(most)s
) AS found

-- name: tasks
-- Open duties of parties, told to them, or taken on by people; the most urgent first.
WITH owed AS (
    SELECT d.case_id, d.no, d.due_at, d.claimed_by, d.blind AND d.party LIKE 'person:%%' AND d.party <> %(person)s AS is_others
    FROM duty_row d
    WHERE d.tenant_id = %(tenant)s AND d.status = 'open' AND d.party = ANY(%(parties)s)
    UNION
    SELECT d.case_id, d.no, d.due_at, d.claimed_by, false
    FROM duty_row d
    WHERE d.tenant_id = %(tenant)s AND d.status = 'open' AND d.told IS NOT NULL AND d.told && %(parties)s
      AND NOT (d.blind AND d.party LIKE 'person:%%')
    UNION
    SELECT d.case_id, d.no, d.due_at, d.claimed_by, d.blind AND d.party LIKE 'person:%%' AND d.party <> %(person)s
    FROM duty_row d
    WHERE d.tenant_id = %(tenant)s AND d.status = 'open' AND d.claimed_by = ANY(%(claimed_by)s)
)
SELECT case_id, no, due_at FROM owed
WHERE (%(unless)s::text IS NULL OR claimed_by IS NULL OR claimed_by = %(unless)s)
  AND NOT is_others
  AND (%(after_due)s::timestamptz IS NULL OR (due_at, case_id, no) > (%(after_due)s, %(after_case)s, %(after_no)s))
GROUP BY case_id, no, due_at
ORDER BY due_at, case_id, no
LIMIT %(limit)s

-- name: all_tasks
-- Every open duty of the tenant, the most urgent first.
SELECT d.case_id, d.no, d.due_at FROM duty_row d
WHERE d.tenant_id = %(tenant)s AND d.status = 'open'
  AND (%(after_due)s::timestamptz IS NULL
       OR (d.due_at, d.case_id, d.no) > (%(after_due)s, %(after_case)s, %(after_no)s))
ORDER BY d.due_at, d.case_id, d.no
LIMIT %(limit)s

-- name: count_tasks
-- How many open duties are owed by parties, told to them or taken on, and how many of those are overdue.
WITH owed AS (
    SELECT d.case_id, d.no, d.due_at, d.breached_at, d.claimed_by, d.blind AND d.party LIKE 'person:%%' AND d.party <> %(person)s AS is_others
    FROM duty_row d
    WHERE d.tenant_id = %(tenant)s AND d.status = 'open' AND d.party = ANY(%(parties)s)
    UNION
    SELECT d.case_id, d.no, d.due_at, d.breached_at, d.claimed_by, false
    FROM duty_row d
    WHERE d.tenant_id = %(tenant)s AND d.status = 'open' AND d.told IS NOT NULL AND d.told && %(parties)s
      AND NOT (d.blind AND d.party LIKE 'person:%%')
    UNION
    SELECT d.case_id, d.no, d.due_at, d.breached_at, d.claimed_by, d.blind AND d.party LIKE 'person:%%' AND d.party <> %(person)s
    FROM duty_row d
    WHERE d.tenant_id = %(tenant)s AND d.status = 'open' AND d.claimed_by = ANY(%(claimed_by)s)
)
SELECT count(DISTINCT (case_id, no)),
       count(DISTINCT (case_id, no)) FILTER (WHERE breached_at IS NOT NULL OR due_at < %(now)s)
FROM owed
WHERE (%(unless)s::text IS NULL OR claimed_by IS NULL OR claimed_by = %(unless)s)
  AND NOT is_others

-- name: histories
-- The events of several cases, each in order.
SELECT stream, payload FROM event
WHERE tenant_id = %(tenant)s AND stream = ANY(%(cases)s)
ORDER BY stream, version

-- name: notices
-- What a person was told, newest first.
SELECT n.id, n.at, n.template, n.urgent, n.case_id, c.number, c.kind, n.duty_no, d.key, n.seen_at
FROM notice n
JOIN case_row c ON c.tenant_id = n.tenant_id AND c.id = n.case_id
LEFT JOIN duty_row d ON d.tenant_id = n.tenant_id AND d.case_id = n.case_id AND d.no = n.duty_no
WHERE n.tenant_id = %(tenant)s AND n.person = %(person)s
  AND (NOT %(unseen)s OR n.seen_at IS NULL) AND (%(before)s::bigint IS NULL OR n.id < %(before)s)
ORDER BY n.id DESC
LIMIT %(limit)s

-- name: unseen
-- How many notices a person has not seen.
SELECT count(*) FROM notice WHERE tenant_id = %(tenant)s AND person = %(person)s AND seen_at IS NULL

-- name: see
-- A person has seen notices of theirs.
UPDATE notice SET seen_at = %(at)s
WHERE tenant_id = %(tenant)s AND person = %(person)s AND id = ANY(%(ids)s) AND seen_at IS NULL

-- name: views
-- The register views that an account keeps.
SELECT id, name, query FROM saved_view WHERE tenant_id = %(tenant)s AND account_id = %(account)s ORDER BY name, id

-- name: keep_view
-- Keep a view, new or changed.
INSERT INTO saved_view (tenant_id, account_id, id, name, query)
VALUES (%(tenant)s, %(account)s, %(id)s, %(name)s, %(query)s)
ON CONFLICT (tenant_id, account_id, id) DO UPDATE SET name = excluded.name, query = excluded.query

-- name: drop_view
-- Drop a view.
DELETE FROM saved_view WHERE tenant_id = %(tenant)s AND account_id = %(account)s AND id = %(id)s RETURNING id
