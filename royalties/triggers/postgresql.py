"""The ledger's triggers for PostgreSQL. All refusals are integrity errors (class 23).

Added rows are checked once for each statement, over the rows it wrote (`written`), so a thousand entries cost little
more than one. These triggers run at the end of the statement: entries, their postings and their seals are three
statements, and a statement that writes postings and seals their entry as well is refused as late. The functions are
VOLATILE, so each of their queries sees what was committed until then.

Tables are read by scalar subqueries: the query planner answers those row by row from an index, while it may turn a join
or an EXISTS into a hash of the whole table.
"""

from __future__ import annotations

from collections.abc import Iterable

from royalties.triggers import posting

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

# One query, so that a posting from another connection finds the entry either invisible or sealed.
#
# The balance row of a guarded account was made with the account; updating it locks it until commit. One UPDATE for each
# account, because the query planner chooses the order in which a joining UPDATE locks its rows. Everybody must lock
# them in the order of the accounts, or two sales deadlock.
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

# Temporary tables are found first unless the search path says otherwise, and anybody can make one with the name of a
# ledger table. The schema is that of the tables being protected.
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

_FUNCTIONS = [
    "royalties_refuse_change",
    "royalties_open_balance",
    "royalties_check_entries",
    "royalties_check_postings",
    "royalties_check_seals",
    "royalties_post_entries",
]


def keep(table: str) -> list[str]:
    """Return SQL that makes the table append-only."""
    return [
        f"CREATE TRIGGER ledger_keep_rows BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION royalties_refuse_change()",
        f"CREATE TRIGGER ledger_keep_table BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION royalties_refuse_change()",
    ]


def _check(table: str, function: str) -> str:
    return (
        f"CREATE TRIGGER ledger_check AFTER INSERT ON {table} REFERENCING NEW TABLE AS written "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )


CREATE: list[str] = [
    _REFUSE,
    _ENTRIES,
    _POSTINGS,
    _OPEN_BALANCE,
    _SEALS,
    posting.CREATE,
    _KEEP_PATH,
    _check("royalties_journalentry", "royalties_check_entries"),
    _check("royalties_posting", "royalties_check_postings"),
    _check("royalties_seal", "royalties_check_seals"),
    "CREATE TRIGGER ledger_open_balance AFTER INSERT ON royalties_ledgeraccount "
    "FOR EACH ROW WHEN (NEW.is_guarded) EXECUTE FUNCTION royalties_open_balance()",
    "CREATE TRIGGER ledger_keep_rows BEFORE DELETE ON royalties_accountbalance "
    "FOR EACH ROW EXECUTE FUNCTION royalties_refuse_change()",
    "CREATE TRIGGER ledger_keep_table BEFORE TRUNCATE ON royalties_accountbalance "
    "FOR EACH STATEMENT EXECUTE FUNCTION royalties_refuse_change()",
    # Only the posting's trigger may change a balance, not a statement of its own.
    "CREATE TRIGGER ledger_keep_balance BEFORE UPDATE ON royalties_accountbalance "
    "FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION royalties_refuse_change()",
]


def drop(append_only: Iterable[str]) -> list[str]:
    """Return SQL that removes every trigger: they go with their functions, those of append-only tables too."""
    return [f"DROP FUNCTION {name} CASCADE" for name in _FUNCTIONS]
