-- name: live_cohort
-- Cases of a kind that were registered here in a period, as `core.figures` counts them. Conditions are put in by
-- storage/statistics.py.
SELECT c.area, c.equipment, c.category, c.risk_level, c.outcome, c.parts, c.deferrals, c.hand_overs,
       coalesce(c.fields ->> %(source_field)s, c.source) AS source,
       c.status = 'closed' AS is_closed,
       c.overdue_at IS NOT NULL AS is_overdue,
       date_trunc(%(bucket)s, c.opened_at AT TIME ZONE %(zone)s)::date AS bucket
FROM case_row c
WHERE c.tenant_id = %(tenant)s AND c.kind = %(kind)s AND c.source <> 'import' /*registered_at:c.opened_at*/ /*conditions*/

-- name: register_cohort
-- Rows that were taken over from the plant's own register, by when they were found, as they stood there.
SELECT c.area, c.equipment, c.category, c.risk_level, c.outcome, c.parts, c.deferrals, c.hand_overs,
       coalesce(c.fields ->> %(source_field)s, c.source) AS source,
       c.imported AS is_closed,
       coalesce(left(c.fields ->> %(due_field)s, 10)
                < to_char(coalesce((c.closed_at AT TIME ZONE %(zone)s)::date, %(today)s::date), 'YYYY-MM-DD'), false)
           AS is_overdue,
       date_trunc(%(bucket)s, c.found_at AT TIME ZONE %(zone)s)::date AS bucket
FROM case_row c
WHERE c.tenant_id = %(tenant)s AND c.kind = %(kind)s AND c.source = 'import' /*registered_at:c.found_at*/ /*conditions*/

-- name: counted
-- What is counted of a cohort: rows of (what, three keys, registered, closed, overdue, deferred, hand-overs).
, place AS MATERIALIZED (
    SELECT CASE WHEN equipment IS NULL THEN area ELSE '' END AS area, coalesce(equipment, '') AS equipment, category,
           count(*) AS registered
    FROM cohort
    WHERE category IS NOT NULL AND (equipment IS NOT NULL OR area IS NOT NULL)
    GROUP BY 1, 2, 3
    HAVING count(*) > 1
)
SELECT CASE grouping(source, area, category, risk_level, outcome, bucket)
           WHEN 63 THEN 'all' WHEN 31 THEN 'source' WHEN 47 THEN 'area' WHEN 55 THEN 'category'
           WHEN 59 THEN 'risk_level' WHEN 61 THEN 'outcome' ELSE 'bucket' END,
       coalesce(source, area, category, risk_level, outcome, bucket::text, ''), '', '',
       count(*), count(*) FILTER (WHERE is_closed), count(*) FILTER (WHERE is_overdue),
       count(*) FILTER (WHERE deferrals > 0), coalesce(sum(hand_overs), 0)::bigint
FROM cohort
GROUP BY GROUPING SETS ((), (source), (area), (category), (risk_level), (outcome), (bucket))
UNION ALL
SELECT 'team', substr(part, 6), '', '',
       count(*), count(*) FILTER (WHERE is_closed), count(*) FILTER (WHERE is_overdue), 0, 0
FROM cohort, unnest(parts) AS part
WHERE part LIKE 'team:%%'
GROUP BY part
UNION ALL
SELECT 'recurring', category, '', '', sum(registered - 1)::bigint, 0, 0, 0, 0 FROM place GROUP BY category
UNION ALL
(SELECT 'place', area, equipment, category, registered, 0, 0, 0, 0 FROM place
 ORDER BY registered DESC, category COLLATE "C", equipment COLLATE "C", area COLLATE "C" LIMIT %(places)s)

-- name: ended
-- Cases that were closed in a period: how many, how long they took, and where they waited; whole, and by bucket.
WITH ended AS MATERIALIZED (
    SELECT c.waited_s, CASE WHEN c.imported AND c.cycle_s = 0 THEN NULL ELSE c.cycle_working_days END AS days,
           date_trunc(%(bucket)s, c.closed_at AT TIME ZONE %(zone)s)::date AS bucket
    FROM case_row c
    WHERE c.tenant_id = %(tenant)s AND c.kind = %(kind)s AND c.status = 'closed' AND c.imported = %(imported)s
          /*registered_at:c.closed_at*/ /*conditions*/
)
SELECT bucket, count(*), avg(days), percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
       coalesce(sum(waited_s[1]), 0)::bigint, coalesce(sum(waited_s[2]), 0)::bigint, coalesce(sum(waited_s[3]), 0)::bigint,
       coalesce(sum(waited_s[4]), 0)::bigint, coalesce(sum(waited_s[5]), 0)::bigint
FROM ended
GROUP BY GROUPING SETS ((), (bucket))

-- name: owed
-- Cases that are open now: how many, how many of those overdue, by what they wait for.
SELECT waits.wait, count(*), count(*) FILTER (WHERE c.overdue_at IS NOT NULL)
FROM case_row c
LEFT JOIN LATERAL (
    SELECT d.wait
    FROM duty_row d
    WHERE d.tenant_id = %(tenant)s AND d.case_id = c.id AND d.status = 'open'
    ORDER BY array_position(%(order)s::text[], d.wait)
    LIMIT 1
) waits ON true
WHERE c.tenant_id = %(tenant)s AND c.kind = %(kind)s AND c.status = 'open' /*conditions*/
GROUP BY waits.wait
