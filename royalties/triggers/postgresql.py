"""The ledger's triggers for PostgreSQL. All refusals are integrity errors (class 23).

Trigger functions are VOLATILE, so each of their queries sees what the statement wrote so far: a sale can be posted
with one statement whose seal selects from its postings.
"""

from __future__ import annotations

from collections.abc import Iterable

_REFUSE = """
CREATE FUNCTION royalties_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger: % is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

_ENTRY = """
CREATE FUNCTION royalties_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_char(NEW.booked_at AT TIME ZONE 'UTC', 'YYYY-MM') <= (SELECT max(period) FROM royalties_closedperiod) THEN
    RAISE EXCEPTION 'ledger: the period of % is closed', NEW.external_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""

# One query, so that a posting from another connection finds the entry either invisible or sealed.
_POSTING = """
CREATE FUNCTION royalties_check_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM royalties_journalentry entry
    WHERE entry.id = NEW.entry_id
      AND NOT EXISTS (SELECT 1 FROM royalties_seal seal WHERE seal.entry_id = entry.id);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'ledger: entry % is unknown or sealed', NEW.entry_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  PERFORM 1 FROM royalties_ledgeraccount account
    WHERE account.id = NEW.account_id AND account.currency = NEW.currency;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'ledger: account % is not of currency %', NEW.account_id, NEW.currency
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""

# The row of a guarded account was made with the account; updating it takes its lock until commit.
_BALANCE = """
CREATE FUNCTION royalties_move_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE royalties_accountbalance SET balance_minor = balance_minor + NEW.amount_minor
    WHERE account_id = NEW.account_id;
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

_SEAL = """
CREATE FUNCTION royalties_check_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  counted integer;
BEGIN
  SELECT count(*) INTO counted FROM royalties_posting WHERE entry_id = NEW.entry_id;
  IF counted < 2 OR counted <> NEW.postings THEN
    RAISE EXCEPTION 'ledger: entry % has % postings, sealed as %', NEW.entry_id, counted, NEW.postings
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  PERFORM 1 FROM royalties_posting WHERE entry_id = NEW.entry_id GROUP BY currency HAVING sum(amount_minor) <> 0;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger: entry % does not balance', NEW.entry_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""

_FUNCTIONS = [
    "royalties_refuse_change",
    "royalties_check_entry",
    "royalties_check_posting",
    "royalties_move_balance",
    "royalties_open_balance",
    "royalties_check_seal",
]


def keep(table: str) -> list[str]:
    """Let the table only ever be appended to."""
    return [
        f"CREATE TRIGGER ledger_keep_rows BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION royalties_refuse_change()",
        f"CREATE TRIGGER ledger_keep_table BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION royalties_refuse_change()",
    ]


CREATE: list[str] = [
    _REFUSE,
    _ENTRY,
    _POSTING,
    _BALANCE,
    _OPEN_BALANCE,
    _SEAL,
    "CREATE TRIGGER ledger_check BEFORE INSERT ON royalties_journalentry "
    "FOR EACH ROW EXECUTE FUNCTION royalties_check_entry()",
    "CREATE TRIGGER ledger_check BEFORE INSERT ON royalties_posting "
    "FOR EACH ROW EXECUTE FUNCTION royalties_check_posting()",
    "CREATE TRIGGER ledger_move_balance AFTER INSERT ON royalties_posting "
    "FOR EACH ROW EXECUTE FUNCTION royalties_move_balance()",
    "CREATE TRIGGER ledger_open_balance AFTER INSERT ON royalties_ledgeraccount "
    "FOR EACH ROW WHEN (NEW.is_guarded) EXECUTE FUNCTION royalties_open_balance()",
    "CREATE TRIGGER ledger_check BEFORE INSERT ON royalties_seal FOR EACH ROW EXECUTE FUNCTION royalties_check_seal()",
    "CREATE TRIGGER ledger_keep_rows BEFORE DELETE ON royalties_accountbalance "
    "FOR EACH ROW EXECUTE FUNCTION royalties_refuse_change()",
    "CREATE TRIGGER ledger_keep_table BEFORE TRUNCATE ON royalties_accountbalance "
    "FOR EACH STATEMENT EXECUTE FUNCTION royalties_refuse_change()",
    # Only the posting's trigger moves a balance; a statement of its own does not.
    "CREATE TRIGGER ledger_keep_balance BEFORE UPDATE ON royalties_accountbalance "
    "FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION royalties_refuse_change()",
]


def drop(append_only: Iterable[str]) -> list[str]:
    """Remove every trigger: they go with their functions, those of append-only tables too."""
    return [f"DROP FUNCTION {name}() CASCADE" for name in _FUNCTIONS]
