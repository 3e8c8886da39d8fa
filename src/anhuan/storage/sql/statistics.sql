-- name: live_cohort
-- Cases of a kind that were registered here in a period, as `core.figures` counts them. Conditions are put in by
-- storage/statistics.py.
SELECT c.area, c.equipment, c.category, c.risk_level, c.outcome, c.teams, c.deferrals, c.hand_overs, c.steps, c.steps_complete,
       coalesce(c.fields ->> %(source_field)s, c.source) AS source,
       c.status = 'closed' AS is_closed,
       c.overdue_at IS NOT NULL AS is_overdue,
       width_bucket(c.opened_at, %(starts)s::timestamptz[]) AS step
FROM case_row c
WHERE c.tenant_id = %(tenant)s AND c.kind = %(kind)s AND c.source <> 'import' /*registered_at:c.opened_at*/ /*conditions*/

-- name: register_cohort
-- Rows that were taken over from the plant's own register, by when they were found, as they stood there.
SELECT c.area, c.equipment, c.category, c.risk_level, c.outcome, c.teams, c.deferrals, c.hand_overs, c.steps, c.steps_complete,
       coalesce(c.fields ->> %(source_field)s, c.source) AS source,
       c.imported AS is_closed,
       coalesce(left(c.fields ->> %(due_field)s, 10)
                < to_char(coalesce((c.closed_at AT TIME ZONE %(zone)s)::date, %(today)s::date), 'YYYY-MM-DD'), false)
           AS is_overdue,
       width_bucket(c.found_at, %(starts)s::timestamptz[]) AS step
FROM case_row c
WHERE c.tenant_id = %(tenant)s AND c.kind = %(kind)s AND c.source = 'import' /*registered_at:c.found_at*/ /*conditions*/

-- name: counted
-- What is counted of a cohort: rows of (what, three keys, registered, closed, overdue, steps, those complete, deferred,
-- hand-overs). The cohort is folded first: what is alike in every respect is one row with its number, and only those are gone through again.
WITH folded AS MATERIALIZED (
    SELECT area, equipment, category, risk_level, outcome, teams, source, step,
           count(*) AS registered, count(*) FILTER (WHERE is_closed) AS closed,
           count(*) FILTER (WHERE is_overdue) AS overdue, count(*) FILTER (WHERE deferrals > 0) AS deferred,
           coalesce(sum(hand_overs), 0)::bigint AS hand_overs,
           coalesce(sum(steps), 0)::bigint AS steps, coalesce(sum(steps_complete), 0)::bigint AS steps_complete
    FROM (
        /*one of the cohorts above, of one tenant*/
    ) AS cohort
    GROUP BY area, equipment, category, risk_level, outcome, teams, source, step
),
counted AS MATERIALIZED (
    SELECT CASE grouping(source, area, category, risk_level, outcome, step, teams)
               WHEN 127 THEN 'all' WHEN 63 THEN 'source' WHEN 95 THEN 'area' WHEN 111 THEN 'category'
               WHEN 119 THEN 'risk_level' WHEN 123 THEN 'outcome' WHEN 125 THEN 'step' ELSE 'teams' END AS what,
           coalesce(source, area, category, risk_level, outcome, step::text, '') AS key, teams,
           sum(registered)::bigint AS registered, sum(closed)::bigint AS closed, sum(overdue)::bigint AS overdue,
           coalesce(sum(deferred), 0)::bigint AS deferred, coalesce(sum(hand_overs), 0)::bigint AS hand_overs,
           coalesce(sum(steps), 0)::bigint AS steps, coalesce(sum(steps_complete), 0)::bigint AS steps_complete
    FROM folded
    GROUP BY GROUPING SETS ((), (source), (area), (category), (risk_level), (outcome), (step), (teams))
),
place AS MATERIALIZED (
    SELECT CASE WHEN equipment IS NULL THEN area ELSE '' END AS area, coalesce(equipment, '') AS equipment, category,
           sum(registered)::bigint AS registered
    FROM folded
    WHERE category IS NOT NULL AND (equipment IS NOT NULL OR area IS NOT NULL)
    GROUP BY 1, 2, 3
    HAVING sum(registered) > 1
)
SELECT what, key, '', '', coalesce(registered, 0), coalesce(closed, 0), coalesce(overdue, 0), steps, steps_complete,
       deferred, hand_overs
FROM counted WHERE what <> 'teams'
UNION ALL
SELECT 'team', team, '', '', sum(registered)::bigint, sum(closed)::bigint, sum(overdue)::bigint,
       sum(steps)::bigint, sum(steps_complete)::bigint, 0, 0
FROM counted, unnest(teams) AS team WHERE what = 'teams'
GROUP BY team
UNION ALL
SELECT 'recurring', category, '', '', sum(registered - 1)::bigint, 0, 0, 0, 0, 0, 0 FROM place GROUP BY category
UNION ALL
SELECT 'recurring_at', area, equipment, '', sum(registered - 1)::bigint, 0, 0, 0, 0, 0, 0
FROM place GROUP BY area, equipment
UNION ALL
(SELECT 'place', area, equipment, category, registered, 0, 0, 0, 0, 0, 0 FROM place
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
-- Cases that are open now: how many, how many of those overdue, by what they wait for and where.
SELECT c.waits_for, count(*), count(*) FILTER (WHERE c.overdue_at IS NOT NULL), coalesce(c.area, '')
FROM case_row c
WHERE c.tenant_id = %(tenant)s AND c.kind = %(kind)s AND c.status = 'open' /*conditions*/
GROUP BY c.waits_for, 4
