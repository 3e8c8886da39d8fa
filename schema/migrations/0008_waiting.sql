-- Where cases wait (docs/decisions/where-a-case-waits.md): what an open one waits for, how long a closed one has waited for
-- what. Each second belongs to the first sort of waiting in the order deferral, approval, receipt, verification, work; no
-- pack has said yet which stage is an approved wait, so that the deeds of duties alone tell.
ALTER TABLE case_row ADD COLUMN teams text[] NOT NULL DEFAULT '{}';
ALTER TABLE case_row ADD COLUMN waits_for text;
ALTER TABLE case_row ADD COLUMN waited_s integer[];
ALTER TABLE case_row ADD COLUMN deferrals integer NOT NULL DEFAULT 0;
ALTER TABLE case_row ADD COLUMN hand_overs integer NOT NULL DEFAULT 0;

DO $$
DECLARE
    plant text;
    sorts text[] := ARRAY['deferral', 'approval', 'receipt', 'verification', 'work'];
BEGIN
    FOR plant IN SELECT id FROM tenant ORDER BY id LOOP
        PERFORM set_config('anhuan.tenant', plant, true);
        UPDATE case_row SET
            teams = ARRAY(SELECT substr(part, 6) FROM unnest(parts) AS part WHERE part LIKE 'team:%'
                          ORDER BY substr(part, 6) COLLATE "C"),
            waited_s = CASE WHEN status = 'closed' AND NOT imported THEN '{0,0,0,0,0}'::integer[] END
        WHERE tenant_id = plant;
        UPDATE case_row SET hand_overs = given.times
        FROM (SELECT stream, count(*) AS times FROM event
              WHERE tenant_id = plant AND type = 'DutyReassigned' AND by_person IS NOT NULL GROUP BY stream) AS given
        WHERE case_row.tenant_id = plant AND case_row.id = given.stream;
        CREATE TEMPORARY TABLE spent AS
        SELECT case_id, status, opened_at, ended_at,
               CASE deed WHEN 'acknowledge' THEN 3 WHEN 'perform' THEN 5 WHEN 'verify' THEN 4 ELSE 2 END AS place
        FROM duty_row WHERE tenant_id = plant;
        UPDATE case_row SET waits_for = sorts[owed.place]
        FROM (SELECT case_id, min(place) AS place FROM spent WHERE status = 'open' GROUP BY case_id) AS owed
        WHERE case_row.tenant_id = plant AND case_row.id = owed.case_id;
        UPDATE case_row SET waited_s = waited.seconds
        FROM (
            SELECT case_id, array_agg(length ORDER BY place) AS seconds
            FROM (
                SELECT owned.case_id, owned.place,
                       (SELECT coalesce(floor(sum(extract(epoch FROM upper(part) - lower(part)))), 0)::integer
                        FROM unnest(owned.during) AS part) AS length
                FROM (
                    SELECT spent.case_id, sort.place,
                           coalesce(range_agg(tstzrange(opened_at, ended_at)) FILTER (WHERE spent.place = sort.place), '{}')
                           - coalesce(range_agg(tstzrange(opened_at, ended_at)) FILTER (WHERE spent.place < sort.place), '{}')
                               AS during
                    FROM spent, generate_series(1, 5) AS sort (place)
                    WHERE ended_at > opened_at
                    GROUP BY spent.case_id, sort.place
                ) AS owned
            ) AS lengths
            GROUP BY case_id
        ) AS waited
        WHERE case_row.tenant_id = plant AND case_row.id = waited.case_id AND case_row.status = 'closed'
          AND NOT case_row.imported;
        DROP TABLE spent;
    END LOOP;
    PERFORM set_config('anhuan.tenant', '', true);
END
$$;

ALTER TABLE case_row ALTER COLUMN teams DROP DEFAULT;
ALTER TABLE case_row ALTER COLUMN deferrals DROP DEFAULT;
ALTER TABLE case_row ALTER COLUMN hand_overs DROP DEFAULT;

CREATE INDEX case_row_closed ON case_row (tenant_id, closed_at DESC, id DESC) WHERE status = 'closed';
CREATE INDEX case_row_taken_over ON case_row (tenant_id, kind, found_at) WHERE source = 'import';
