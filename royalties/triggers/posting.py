"""The function that posts entries on PostgreSQL, called by `royalties.services.ledger`.

It is a function because the database keeps the plans of its statements for as long as a connection lives: planning them
each time took longer than executing them, and prepared statements, the alternative, do not pass every connection pool.
It enforces no rule; the triggers do that for everybody.

It looks up accounts and the first open moment, so that a sale takes one round trip. `recorded_at` is the database's own
clock, whatever the clock of the caller's host says. Lines refer to entries and accounts by their position in the
arrays, from 1. It returns:

- `entry_ids`: in the order of `external_ids`, NULL for an event that was there before. NULL altogether when nothing was
  written, because an account is missing from the chart or the ledger refused.
- `opens_at`: the first open moment after the last closed month, NULL when none is closed.
- `refused`: the integrity error. It is caught here, so that a caller inside a transaction needs no savepoint.
"""

from __future__ import annotations

# Whoever closes a month keeps writers out by a lock on the entries (services/periods.py). The function waits for it
# before anything is read or drawn: each statement after it sees the month that was closed meanwhile, and no id is drawn
# that the closer does not see, which takes every entry up to the highest id as chained (services/running_totals.py).
#
# Ids are drawn before the inserts, so that lines find their entries without a lookup. Both settings also apply to the
# triggers that fire meanwhile. Generic plans are forced because the planner expects arrays longer than those of one
# sale and would plan each time. Without sequential scans a plan made when the books were small stays right.
CREATE = """
CREATE FUNCTION royalties_post_entries(
  kinds text[], external_ids text[], reference_texts text[], occurred timestamptz[], counted timestamptz[],
  reversed bigint[],
  counts integer[], names text[], currencies text[], line_entries integer[], line_accounts integer[],
  amounts bigint[],
  OUT entry_ids bigint[], OUT opens_at timestamptz, OUT refused text
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  account_ids bigint[];
  new_entries bigint;
BEGIN
  LOCK TABLE royalties_journalentry IN ROW EXCLUSIVE MODE;
  SELECT
    ARRAY(
      SELECT (
        SELECT account.id FROM royalties_ledgeraccount account
        WHERE account.name = wanted.name AND account.currency = wanted.currency
      ) FROM unnest(names, currencies) AS wanted (name, currency)
    ),
    ARRAY(SELECT nextval('royalties_journalentry_id_seq') FROM unnest(external_ids)),
    (SELECT (to_date(max(period), 'YYYY-MM') + interval '1 month') AT TIME ZONE 'UTC' FROM royalties_closedperiod)
    INTO account_ids, entry_ids, opens_at;
  IF array_position(account_ids, NULL) IS NOT NULL THEN
    entry_ids := NULL;
    RETURN;
  END IF;

  INSERT INTO royalties_journalentry
    (id, kind, external_id, reference, occurred_at, booked_at, reverses_id, recorded_at)
    SELECT id, kind, external_id, reference, occurred_at, greatest(counts_from, opens_at), reverses_id,
      clock_timestamp()
    FROM unnest(entry_ids, kinds, external_ids, reference_texts, occurred, counted, reversed)
      AS draft (id, kind, external_id, reference, occurred_at, counts_from, reverses_id)
    ORDER BY id
    ON CONFLICT (external_id) DO NOTHING;
  GET DIAGNOSTICS new_entries = ROW_COUNT;
  IF new_entries < cardinality(external_ids) THEN
    entry_ids := ARRAY(
      SELECT (SELECT entry.id FROM royalties_journalentry entry WHERE entry.id = drawn.id)
      FROM unnest(entry_ids) AS drawn (id)
    );
  END IF;

  INSERT INTO royalties_posting (entry_id, account_id, currency, amount_minor)
    SELECT entry_ids[entry], account_ids[account], currencies[account], amount
    FROM unnest(line_entries, line_accounts, amounts) AS line (entry, account, amount)
    WHERE entry_ids[entry] IS NOT NULL;
  INSERT INTO royalties_seal (entry_id, postings)
    SELECT id, postings FROM unnest(entry_ids, counts) AS made (id, postings) WHERE id IS NOT NULL;
EXCEPTION WHEN integrity_constraint_violation THEN
  entry_ids := NULL;
  refused := SQLERRM;
END $$
"""
