-- name: key_events
-- Commitments and revelations of draw keys, with their entries in the ledger.
SELECT event.stream, event.version, event.payload, event.salt, ledger_entry.index, ledger_entry.entry
FROM event LEFT JOIN ledger_entry ON ledger_entry.tenant_id = event.tenant_id
 AND ledger_entry.stream = event.stream AND ledger_entry.version = event.version
WHERE event.tenant_id = %(tenant)s AND event.stream = 'tenant' AND event.type IN ('DrawKeyCommitted', 'DrawKeyRevealed')
ORDER BY event.version

-- name: draw_events
-- Of each case that drew: its draws, what was told of them, and the ends of duties.
SELECT event.stream, event.version, event.payload, event.salt, ledger_entry.index, ledger_entry.entry
FROM event LEFT JOIN ledger_entry ON ledger_entry.tenant_id = event.tenant_id
 AND ledger_entry.stream = event.stream AND ledger_entry.version = event.version
WHERE event.tenant_id = %(tenant)s
  AND event.type IN ('VerifierDrawn', 'DrawFellBack', 'DrawRevealed', 'DutyDischarged', 'DutyCancelled')
  AND event.stream IN (SELECT drawn.stream FROM event AS drawn
                       WHERE drawn.tenant_id = %(tenant)s AND drawn.type IN ('VerifierDrawn', 'DrawFellBack'))
ORDER BY event.stream, event.version

-- name: open_before
-- How many cases are open that were opened before a moment.
SELECT count(*) FROM case_row WHERE tenant_id = %(tenant)s AND status = 'open' AND opened_at < %(at)s
