-- How long closed cases took and where they waited is read from the index alone, whatever lies around them.
DROP INDEX case_row_closed;
CREATE INDEX case_row_closed ON case_row (tenant_id, closed_at DESC, id DESC)
    INCLUDE (kind, source, imported, cycle_s, cycle_working_days, waited_s) WHERE status = 'closed';

-- What was reported at a case is counted when it says that nothing was found.
CREATE INDEX case_row_parent ON case_row (tenant_id, parent) WHERE parent IS NOT NULL;
