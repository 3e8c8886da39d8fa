-- name: live_cohort
-- Cases of a kind that were registered here in a period, as `core.figures` counts them. Conditions are put in by
-- storage/statistics.py.
SELECT c.area, c.equipment, c.category, c.risk_level, c.outcome, c.teams, c.deferrals, c.hand_overs,
       coalesce(c.fields ->> %(source_field)s, c.source) AS source,
       c.status = 'closed' AS is_closed,
       c.overdue_at IS NOT NULL AS is_overdue,
       width_bucket(c.opened_at, %(starts)s::timestamptz[]) AS step
FROM case_row c
WHERE c.tenant_id = %(tenant)s AND c.kind = %(kind)s AND c.source <> 'import' /*registered_at:c.opened_at*/ /*conditions*/

-- name: register_cohort
-- Rows that were taken over from the plant's own register, by when they were found, as they stood there.
SELECT c.area, c.equipment, c.category, c.risk_level, c.outcome, c.teams, c.deferrals, c.hand_overs,
       coalesce(c.fields ->> %(source_field)s, c.source) AS source,
       c.imported AS is_closed,
       coalesce(left(c.fields ->> %(due_field)s, 10)
                < to_char(coalesce((c.closed_at AT TIME ZONE %(zone)s)::date, %(today)s::date), 'YYYY-MM-DD'), false)
           AS is_overdue,
       width_bucket(c.found_at, %(starts)s::timestamptz[]) AS step
FROM case_row c
WHERE c.tenant_id = %(tenant)s AND c.kind = %(kind)s AND c.source = 'import' /*registered_at:c.found_at*/ /*conditions*/

-- name: counted
-- What is counted of a cohort: rows of (what, three keys, registered, closed, overdue, deferred, hand-overs).
WITH cohort AS MATERIALIZED (
    /*one of the cohorts above, of one tenant*/
),
place AS MATERIALIZED (
    SELECT CASE WHEN equipment IS NULL THEN area ELSE '' END AS area, coalesce(equipment, '') AS equipment, category,
           count(*) AS registered
    FROM cohort
    WHERE category IS NOT NULL AND (equipment IS NOT NULL OR area IS NOT NULL)
    GROUP BY 1, 2, 3
    HAVING count(*) > 1
)
SELECT CASE grouping(source, area, category, risk_level, outcome, step)
           WHEN 63 THEN 'all' WHEN 31 THEN 'source' WHEN 47 THEN 'area' WHEN 55 THEN 'category'
           WHEN 59 THEN 'risk_level' WHEN 61 THEN 'outcome' ELSE 'step' END,
       coalesce(source, area, category, risk_level, outcome, step::text, ''), '', '',
       count(*), count(*) FILTER (WHERE is_closed), count(*) FILTER (WHERE is_overdue),
       count(*) FILTER (WHERE deferrals > 0), coalesce(sum(hand_overs), 0)::bigint
FROM cohort
GROUP BY GROUPING SETS ((), (source), (area), (category), (risk_level), (outcome), (step))
UNION ALL
SELECT 'team', team, '', '',
       count(*), count(*) FILTER (WHERE is_closed), count(*) FILTER (WHERE is_overdue), 0, 0
FROM cohort, unnest(teams) AS team
GROUP BY team
UNION ALL
SELECT 'recurring', category, '', '', sum(registered - 1)::bigint, 0, 0, 0, 0 FROM place GROUP BY category
UNION ALL
(SELECT 'place', area, equipment, category, registered, 0, 0, 0, 0 FROM place
 ORDER BY registered DESC, category COLLATE "C", equipment COLLATE "C", area COLLATE "C" LIMIT %(places)s)

-- name: ended
-- Cases that were closed in a period: how many, how long they took, and where they waited; and how many by step.
WITH ended AS MATERIALIZED (
    SELECT c.waited_s, CASE WHEN c.imported AND c.cycle_s = 0 THEN NULL ELSE c.cycle_working_days END AS days,
           width_bucket(c.closed_at, %(starts)s::timestamptz[]) AS step
    FROM case_row c
    WHERE c.tenant_id = %(tenant)s AND c.kind = %(kind)s AND c.status = 'closed' AND /*origin*/
          /*registered_at:c.closed_at*/ /*conditions*/
)
SELECT NULL::integer, count(*), avg(days), percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
       coalesce(sum(waited_s[1]), 0)::bigint, coalesce(sum(waited_s[2]), 0)::bigint, coalesce(sum(waited_s[3]), 0)::bigint,
       coalesce(sum(waited_s[4]), 0)::bigint, coalesce(sum(waited_s[5]), 0)::bigint
FROM ended
UNION ALL
SELECT step, count(*), NULL, NULL, 0, 0, 0, 0, 0 FROM ended GROUP BY step

-- name: owed
-- Cases that are open now: how many, how many of those overdue, by what they wait for.
SELECT c.waits_for, count(*), count(*) FILTER (WHERE c.overdue_at IS NOT NULL)
FROM case_row c
WHERE c.tenant_id = %(tenant)s AND c.kind = %(kind)s AND c.status = 'open' /*conditions*/
GROUP BY c.waits_for
