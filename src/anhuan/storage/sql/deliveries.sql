-- Records that are owed to another system, until it has taken them.

-- name: owe
-- A record is owed, once under its id.
INSERT INTO delivery (tenant_id, id, body, at, due_at) VALUES (%(tenant)s, %(id)s, %(body)s, %(at)s, %(at)s)
ON CONFLICT (tenant_id, id) DO NOTHING

-- name: claim
-- What is due and nobody is sending, the oldest first.
WITH share AS (
    SELECT id FROM delivery
    WHERE tenant_id = %(tenant)s AND delivered_at IS NULL AND due_at <= %(now)s
      AND (claimed_until IS NULL OR claimed_until < %(now)s)
    ORDER BY due_at, id LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE delivery SET claimed_until = %(until)s, attempts = delivery.attempts + 1 FROM share
WHERE delivery.tenant_id = %(tenant)s AND delivery.id = share.id
RETURNING delivery.id, delivery.body, delivery.attempts, delivery.at

-- name: delivered
-- It was taken.
UPDATE delivery SET delivered_at = %(at)s, claimed_until = NULL, failure = NULL
WHERE tenant_id = %(tenant)s AND id = %(id)s

-- name: failed
-- It was not taken and is sent again later.
UPDATE delivery SET due_at = %(again_at)s, claimed_until = NULL, failure = %(why)s
WHERE tenant_id = %(tenant)s AND id = %(id)s
