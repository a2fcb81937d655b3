"""The ledger's rules in PostgreSQL, frozen as the first migration makes them. Nothing else imports this.

`royalties.triggers` has them as they are today, and says why they are so. A change is made there and in a migration of
its own; tests/architecture/test_migrations.py holds what was migrated against it.
"""

from royalties.migrations._ledger_tables import APPEND_ONLY

_REFUSE = """
CREATE FUNCTION royalties_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger: % is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

_ENTRIES = """
CREATE FUNCTION royalties_check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  early text;
BEGIN
  SELECT external_id INTO early FROM written WHERE booked_at < (
    SELECT (to_date(max(period), 'YYYY-MM') + interval '1 month') AT TIME ZONE 'UTC' FROM royalties_closedperiod
  ) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger: the period of % is closed', early USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$
"""

_POSTINGS = """
CREATE FUNCTION royalties_check_postings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  refused bigint;
  moved record;
BEGIN
  SELECT entry_id INTO refused FROM (SELECT DISTINCT entry_id FROM written) posted
    WHERE (SELECT entry.id FROM royalties_journalentry entry WHERE entry.id = posted.entry_id) IS NULL
      OR (SELECT seal.entry_id FROM royalties_seal seal WHERE seal.entry_id = posted.entry_id) IS NOT NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger: entry % is unknown or sealed', refused USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  FOR moved IN
    SELECT account_id, currency, amount, (
        SELECT account.is_guarded FROM royalties_ledgeraccount account
        WHERE account.id = posted.account_id AND account.currency = posted.currency
      ) AS is_guarded
    FROM (
      SELECT account_id, currency, sum(amount_minor) AS amount FROM written GROUP BY account_id, currency
    ) posted ORDER BY account_id
  LOOP
    IF moved.is_guarded IS NULL THEN
      RAISE EXCEPTION 'ledger: account % is not of currency %', moved.account_id, moved.currency
        USING ERRCODE = 'integrity_constraint_violation';
    ELSIF moved.is_guarded THEN
      UPDATE royalties_accountbalance SET balance_minor = balance_minor + moved.amount
        WHERE account_id = moved.account_id;
    END IF;
  END LOOP;
  RETURN NULL;
END $$
"""

_OPEN_BALANCE = """
CREATE FUNCTION royalties_open_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO royalties_accountbalance (account_id, side, balance_minor) VALUES (NEW.id, NEW.side, 0);
  RETURN NULL;
END $$
"""

_SEALS = """
CREATE FUNCTION royalties_check_seals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  refused record;
BEGIN
  SELECT written.entry_id, written.postings, found.counted, found.is_uneven INTO refused FROM written, LATERAL (
    SELECT coalesce(sum(counted), 0) AS counted, coalesce(bool_or(total <> 0), false) AS is_uneven FROM (
      SELECT count(*) AS counted, sum(amount_minor) AS total FROM royalties_posting posting
      WHERE posting.entry_id = written.entry_id GROUP BY currency
    ) sums
  ) found
    WHERE found.counted < 2 OR found.counted <> written.postings OR found.is_uneven LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF refused.is_uneven THEN
    RAISE EXCEPTION 'ledger: entry % does not balance', refused.entry_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RAISE EXCEPTION 'ledger: entry % has % postings, sealed as %', refused.entry_id, refused.counted, refused.postings
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

_POST = """
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

_KEEP_PATH = """
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['royalties_refuse_change', 'royalties_open_balance', 'royalties_check_entries',
    'royalties_check_postings', 'royalties_check_seals', 'royalties_post_entries']
  LOOP
    EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', name, current_schema());
  END LOOP;
END $$
"""

# SUM of bigint is numeric, with a state outside of the group's row; this one stays a bigint. Exact all the same: what
# does not fit is an error. SQLite's SUM of whole numbers is like that by itself.
_SUM = """
CREATE AGGREGATE royalties_sum(bigint)
(SFUNC = int8pl, STYPE = bigint, COMBINEFUNC = int8pl, INITCOND = '0', PARALLEL = SAFE)
"""

# Closing a month keeps writers out by a lock on the entries, which only whoever may change them may take. The
# application's role may not (`manage.py grant_application_role`), so the owner's function takes it.
_KEEP_WRITERS_OUT = """
DO $$
BEGIN
  EXECUTE format($function$
    CREATE FUNCTION royalties_keep_writers_out() RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = %I, pg_temp
    AS 'LOCK TABLE royalties_journalentry IN SHARE ROW EXCLUSIVE MODE'
  $function$, current_schema());
END $$
"""


def _check(table, function):
    return (
        f"CREATE TRIGGER ledger_check AFTER INSERT ON {table} REFERENCING NEW TABLE AS written "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )


def _keep_rows(table, events="UPDATE OR DELETE"):
    return (
        f"CREATE TRIGGER ledger_keep_rows BEFORE {events} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION royalties_refuse_change()"
    )


def _keep_table(table):
    return (
        f"CREATE TRIGGER ledger_keep_table BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION royalties_refuse_change()"
    )


CREATE = [
    _REFUSE,
    _ENTRIES,
    _POSTINGS,
    _OPEN_BALANCE,
    _SEALS,
    _POST,
    _KEEP_PATH,
    _check("royalties_journalentry", "royalties_check_entries"),
    _check("royalties_posting", "royalties_check_postings"),
    _check("royalties_seal", "royalties_check_seals"),
    "CREATE TRIGGER ledger_open_balance AFTER INSERT ON royalties_ledgeraccount "
    "FOR EACH ROW WHEN (NEW.is_guarded) EXECUTE FUNCTION royalties_open_balance()",
    _keep_rows("royalties_accountbalance", "DELETE"),
    _keep_table("royalties_accountbalance"),
    "CREATE TRIGGER ledger_keep_balance BEFORE UPDATE ON royalties_accountbalance "
    "FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION royalties_refuse_change()",
    *map(_keep_rows, APPEND_ONLY),
    *map(_keep_table, APPEND_ONLY),
    _SUM,
    _KEEP_WRITERS_OUT,
    "REVOKE EXECUTE ON FUNCTION royalties_keep_writers_out() FROM PUBLIC",
]

# Triggers go with their functions.
REMOVE = [
    "DROP FUNCTION royalties_keep_writers_out()",
    "DROP AGGREGATE royalties_sum(bigint)",
    "DROP FUNCTION royalties_refuse_change() CASCADE",
    "DROP FUNCTION royalties_open_balance() CASCADE",
    "DROP FUNCTION royalties_check_entries() CASCADE",
    "DROP FUNCTION royalties_check_postings() CASCADE",
    "DROP FUNCTION royalties_check_seals() CASCADE",
    "DROP FUNCTION royalties_post_entries",
]
