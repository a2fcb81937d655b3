"""The ledger's triggers for SQLite. Connections need foreign_keys and recursive_triggers on (config/env.py).

Every refusal is a RAISE(ABORT), which INSERT OR IGNORE cannot swallow, unlike a CHECK or UNIQUE constraint.
"""

from __future__ import annotations

from collections.abc import Iterable


def _keep(table: str, event: str) -> tuple[str, str]:
    name = f"ledger_keep_{event.lower()}_{table}"
    return name, (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'ledger: {table} is append-only'); END"
    )


_TRIGGERS: dict[str, str] = {
    "ledger_check_entry": """
        CREATE TRIGGER ledger_check_entry BEFORE INSERT ON royalties_journalentry
        BEGIN
          SELECT RAISE(ABORT, 'ledger: booked_at is not a moment')
            WHERE typeof(NEW.booked_at) <> 'text'
              OR NEW.booked_at NOT GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9] *';
          SELECT RAISE(ABORT, 'ledger: the period is closed')
            WHERE substr(NEW.booked_at, 1, 7) <= (SELECT max(period) FROM royalties_closedperiod);
        END""",
    "ledger_check_posting": """
        CREATE TRIGGER ledger_check_posting BEFORE INSERT ON royalties_posting
        BEGIN
          SELECT RAISE(ABORT, 'ledger: the entry is unknown or sealed')
            WHERE NOT EXISTS (
              SELECT 1 FROM royalties_journalentry entry
              WHERE entry.id = NEW.entry_id
                AND NOT EXISTS (SELECT 1 FROM royalties_seal seal WHERE seal.entry_id = entry.id));
          SELECT RAISE(ABORT, 'ledger: the account is not of this currency')
            WHERE NOT EXISTS (
              SELECT 1 FROM royalties_ledgeraccount account
              WHERE account.id = NEW.account_id AND account.currency = NEW.currency);
          SELECT RAISE(ABORT, 'ledger: the amount is not a whole number other than zero')
            WHERE typeof(NEW.amount_minor) <> 'integer' OR NEW.amount_minor = 0;
        END""",
    "ledger_move_balance": """
        CREATE TRIGGER ledger_move_balance AFTER INSERT ON royalties_posting
        BEGIN
          SELECT RAISE(ABORT, 'ledger: the account would be overdrawn')
            FROM royalties_accountbalance balance
            WHERE balance.account_id = NEW.account_id
              AND (balance.balance_minor + NEW.amount_minor) * balance.side < 0;
          UPDATE royalties_accountbalance SET balance_minor = balance_minor + NEW.amount_minor
            WHERE account_id = NEW.account_id;
        END""",
    "ledger_open_balance": """
        CREATE TRIGGER ledger_open_balance AFTER INSERT ON royalties_ledgeraccount WHEN NEW.is_guarded
        BEGIN
          INSERT INTO royalties_accountbalance (account_id, side, balance_minor) VALUES (NEW.id, NEW.side, 0);
        END""",
    "ledger_check_seal": """
        CREATE TRIGGER ledger_check_seal BEFORE INSERT ON royalties_seal
        BEGIN
          SELECT RAISE(ABORT, 'ledger: too few postings, or not as many as sealed')
            WHERE (SELECT count(*) FROM royalties_posting WHERE entry_id = NEW.entry_id) < max(2, NEW.postings)
              OR (SELECT count(*) FROM royalties_posting WHERE entry_id = NEW.entry_id) <> NEW.postings;
          SELECT RAISE(ABORT, 'ledger: the entry does not balance')
            WHERE EXISTS (
              SELECT 1 FROM royalties_posting WHERE entry_id = NEW.entry_id
              GROUP BY currency HAVING sum(amount_minor) <> 0);
        END""",
    **dict(_keep("royalties_accountbalance", event) for event in ("DELETE",)),
}

CREATE: list[str] = list(_TRIGGERS.values())


def keep(table: str) -> list[str]:
    """Return SQL that makes the table append-only."""
    return [_keep(table, event)[1] for event in ("UPDATE", "DELETE")]


def drop(append_only: Iterable[str]) -> list[str]:
    """Return SQL that removes every trigger, of the append-only tables too."""
    kept = [_keep(table, event)[0] for table in append_only for event in ("UPDATE", "DELETE")]
    return [f"DROP TRIGGER {name}" for name in (*_TRIGGERS, *kept)]
