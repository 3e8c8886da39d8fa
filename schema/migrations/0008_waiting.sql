-- Where cases wait (docs/decisions/where-a-case-waits.md): what each duty is waited for as, and of closed cases how long.
-- Each second belongs to the first sort of waiting in the order deferral, approval, receipt, verification, work; no pack
-- has said yet which stage is an approved wait, so that deeds alone tell.
ALTER TABLE duty_row ADD COLUMN wait text NOT NULL DEFAULT '';
ALTER TABLE case_row ADD COLUMN waited_s integer[];
ALTER TABLE case_row ADD COLUMN deferrals integer NOT NULL DEFAULT 0;
ALTER TABLE case_row ADD COLUMN hand_overs integer NOT NULL DEFAULT 0;

DO $$
DECLARE
    plant text;
BEGIN
    FOR plant IN SELECT id FROM tenant ORDER BY id LOOP
        PERFORM set_config('anhuan.tenant', plant, true);
        UPDATE duty_row SET wait = CASE deed WHEN 'acknowledge' THEN 'receipt' WHEN 'perform' THEN 'work'
                                             WHEN 'verify' THEN 'verification' ELSE 'approval' END
        WHERE tenant_id = plant;
        UPDATE case_row SET hand_overs = given.times
        FROM (SELECT stream, count(*) AS times FROM event
              WHERE tenant_id = plant AND type = 'DutyReassigned' AND by_person IS NOT NULL GROUP BY stream) AS given
        WHERE case_row.tenant_id = plant AND case_row.id = given.stream;
        UPDATE case_row SET waited_s = '{0,0,0,0,0}'
        WHERE tenant_id = plant AND status = 'closed' AND NOT imported;
        UPDATE case_row SET waited_s = waited.seconds
        FROM (
            SELECT case_id, array_agg(length ORDER BY place) AS seconds
            FROM (
                SELECT owned.case_id, owned.place,
                       (SELECT coalesce(floor(sum(extract(epoch FROM upper(part) - lower(part)))), 0)::integer
                        FROM unnest(owned.during) AS part) AS length
                FROM (
                    SELECT spent.case_id, sort.place,
                           coalesce(range_agg(spent.during) FILTER (WHERE spent.place = sort.place), '{}')
                           - coalesce(range_agg(spent.during) FILTER (WHERE spent.place < sort.place), '{}') AS during
                    FROM (
                        SELECT case_id, tstzrange(opened_at, ended_at) AS during,
                               array_position(ARRAY['deferral', 'approval', 'receipt', 'verification', 'work'], wait)
                                   AS place
                        FROM duty_row WHERE tenant_id = plant AND ended_at > opened_at
                    ) AS spent, generate_series(1, 5) AS sort (place)
                    GROUP BY spent.case_id, sort.place
                ) AS owned
            ) AS lengths
            GROUP BY case_id
        ) AS waited
        WHERE case_row.tenant_id = plant AND case_row.id = waited.case_id AND case_row.status = 'closed'
          AND NOT case_row.imported;
    END LOOP;
    PERFORM set_config('anhuan.tenant', '', true);
END
$$;

ALTER TABLE duty_row ALTER COLUMN wait DROP DEFAULT;
ALTER TABLE case_row ALTER COLUMN deferrals DROP DEFAULT;
ALTER TABLE case_row ALTER COLUMN hand_overs DROP DEFAULT;

CREATE INDEX case_row_closed ON case_row (tenant_id, closed_at DESC, id DESC) WHERE status = 'closed';
CREATE INDEX case_row_taken_over ON case_row (tenant_id, kind, found_at) WHERE source = 'import';
CREATE INDEX duty_row_open ON duty_row (tenant_id, case_id, wait) WHERE status = 'open';
