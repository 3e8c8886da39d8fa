-- name: append
-- One or more decisions of one tenant: events, the rows read, timers, effects and pending ledger entries, in one statement.
-- A version that exists already, a key used before or a fold key that is open breaks a unique index, and all of it.
-- Sent by `storage.packet`: $1 the rows by table, $2 the tenant, $3 the plant's version.
-- The last line divides by zero when the plant has moved on from the version that was decided on: a failure that needs no
-- answer to be looked at, so that the commit can be sent along.
WITH given AS MATERIALIZED (
    SELECT $1::jsonb AS body
),
written AS (
    INSERT INTO event
    SELECT row.* FROM given, jsonb_populate_recordset(NULL::event, body -> 'events') AS row
    RETURNING tenant_id, stream, version
),
pending AS (
    INSERT INTO ledger_pending (tenant_id, stream, version)
    SELECT tenant_id, stream, version FROM written ORDER BY stream, version
),
cases AS (
    INSERT INTO case_row
    SELECT row.* FROM given, jsonb_populate_recordset(NULL::case_row, body -> 'cases') AS row
    ON CONFLICT (tenant_id, id) DO UPDATE SET
        version = excluded.version, pack_version = excluded.pack_version, title = excluded.title,
        status = excluded.status, stage = excluded.stage, area = excluded.area, equipment = excluded.equipment,
        category = excluded.category, risk_level = excluded.risk_level, stage_entered_at = excluded.stage_entered_at,
        due_at = excluded.due_at, overdue_at = excluded.overdue_at, closed_at = excluded.closed_at,
        outcome = excluded.outcome, cycle_s = excluded.cycle_s, cycle_working_days = excluded.cycle_working_days,
        reopened = excluded.reopened, fields = excluded.fields, search = excluded.search,
        parts = excluded.parts, teams = excluded.teams, waits_for = excluded.waits_for, waited_s = excluded.waited_s,
        deferrals = excluded.deferrals, hand_overs = excluded.hand_overs,
        steps = excluded.steps, steps_complete = excluded.steps_complete
),
duties AS (
    INSERT INTO duty_row
    SELECT row.* FROM given, jsonb_populate_recordset(NULL::duty_row, body -> 'duties') AS row
    ON CONFLICT (tenant_id, case_id, no) DO UPDATE SET
        party = excluded.party, told = excluded.told, status = excluded.status, due_at = excluded.due_at,
        breached_at = excluded.breached_at, ended_at = excluded.ended_at, claimed_by = excluded.claimed_by
),
armed AS (
    INSERT INTO timer
    SELECT row.* FROM given, jsonb_populate_recordset(NULL::timer, body -> 'timers') AS row
    ON CONFLICT (tenant_id, case_id, duty_no) DO UPDATE SET
        step = excluded.step, generation = excluded.generation, due_at = excluded.due_at, claimed_until = NULL
),
disarmed AS (
    DELETE FROM timer USING (
        SELECT row.tenant_id, row.case_id, row.duty_no
        FROM given, jsonb_populate_recordset(NULL::timer, body -> 'disarmed') AS row
    ) AS ended
    WHERE timer.tenant_id = ended.tenant_id AND timer.case_id = ended.case_id AND timer.duty_no = ended.duty_no
),
effects AS (
    INSERT INTO outbox (tenant_id, effect, due_at)
    SELECT row.tenant_id, row.effect, row.due_at
    FROM given, jsonb_populate_recordset(NULL::outbox, body -> 'effects') AS row
),
keys AS (
    INSERT INTO command_key
    SELECT row.* FROM given, jsonb_populate_recordset(NULL::command_key, body -> 'keys') AS row
)
SELECT 1 / (plant_version = $3::bigint)::integer FROM tenant WHERE id = $2::text

-- name: events_of
-- Everything that happened to one case, in order.
SELECT payload FROM event WHERE tenant_id = %(tenant)s AND stream = %(stream)s ORDER BY version

-- name: loads
-- How many blind duties each person owes now.
SELECT substr(party, 8), count(*)
FROM duty_row
WHERE tenant_id = %(tenant)s AND status = 'open' AND blind AND party LIKE 'person:%%'
GROUP BY party

-- name: children
-- How many cases were reported at one.
SELECT count(*) FROM case_row WHERE tenant_id = %(tenant)s AND parent = %(case)s

-- name: lease_numbers
-- The next block of a series; the answer is the first number of the block.
INSERT INTO number_block (tenant_id, series, next) VALUES (%(tenant)s, %(series)s, 1 + %(size)s)
ON CONFLICT (tenant_id, series) DO UPDATE SET next = number_block.next + %(size)s
RETURNING next - %(size)s

-- name: key_used
-- What a command key was used for.
SELECT body_hash, case_id FROM command_key WHERE tenant_id = %(tenant)s AND key = %(key)s

-- name: keep_conflict
-- Keep what came under a key that was used for something else.
INSERT INTO command_conflict (tenant_id, id, key, case_id, body, at, by_person)
VALUES (%(tenant)s, %(id)s, %(key)s, %(case_id)s, %(body)s, %(at)s, %(by)s)

-- name: open_fold
-- The open case under a fold key.
SELECT id FROM case_row
WHERE tenant_id = %(tenant)s AND kind = %(kind)s AND fold_key = %(fold_key)s AND status = 'open'

-- name: case_ids
-- Every case of the tenant, a page at a time.
SELECT id FROM case_row WHERE tenant_id = %(tenant)s AND id > %(after)s ORDER BY id LIMIT %(limit)s

-- name: stored_rows
-- A case's rows as they are stored, for comparing with what its events say.
SELECT
    (SELECT to_jsonb(c) FROM case_row c WHERE c.tenant_id = %(tenant)s AND c.id = %(case_id)s),
    (SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.no), '[]') FROM duty_row d
     WHERE d.tenant_id = %(tenant)s AND d.case_id = %(case_id)s),
    (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'claimed_until' ORDER BY t.duty_no), '[]') FROM timer t
     WHERE t.tenant_id = %(tenant)s AND t.case_id = %(case_id)s)
