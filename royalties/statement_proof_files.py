"""A statement as a file that anybody can verify with `royalties/verify_statement.py`, without our database.

It shows the payee's own postings, numbered account by account, and only salted hashes of everybody else's. The numbers
of a statement begin where those of the previous statement ended; what was booked ahead for a later month is in both, so
that no posting can be left out. The same statement gives the same bytes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from common import hash_chain
from common.periods import Month
from royalties import ledger_chain
from royalties.chart import AccountKind
from royalties.models import DailyRoot, EntryKind, JournalEntry, LedgerAccount, Posting, Statement
from royalties.selectors import chain_checks, movements, statement_proofs, withholding
from royalties.selectors.statement_proofs import LineKey
from royalties.selectors.statement_shares import shares_of
from royalties.verify_statement import FORMAT, FORMAT_WITH_CONTRACTS, digest, row_hash

type Row = dict[str, Any]

_LINE = (
    "country",
    "unit_price_minor",
    "sold",
    "returned",
    "net_price_minor",
    "processor_fee_minor",
    "platform_fee_minor",
    "royalty_minor",
)


_CONTRACT = ("reference", "contract_reference", "title", "gross_minor", "fee_minor", "fee_vat_minor", "pay_minor")


def statement_file(statement: Statement, *, previous_sha256: str) -> Row:
    """Return the file's content.

    `previous_sha256` is that of the payee's previous statement, or "" for the first.
    """
    month = Month.parse(statement.period)
    before = statement_proofs.statement_before(statement)
    since = before.closed_period.chain_position if before else 0
    entries = statement_proofs.entries_for(statement, since=since)
    counting = [entry for entry in entries if month.start <= entry.booked_at < month.end]
    parts = statement_proofs.line_parts(statement, counting)
    pay = statement_proofs.contract_parts(statement, counting)
    contracts = [_sealed("contract", row) for row in _contracts(statement, pay)]
    content = {
        "format": FORMAT_WITH_CONTRACTS if contracts else FORMAT,
        "head": _sealed("head", _head(statement, month, before, previous_sha256)),
        "amounts": _sealed("amounts", _amounts(statement, counting)),
        "accounts": [_sealed("account", row) for row in _accounts(statement, entries, since)],
        "lines": [_sealed("line", row) for row in _lines(statement, parts)],
        "movements": [_sealed("movement", row) for row in _movements(counting, [*parts.values(), *pay.values()])],
        **_entries_with_roots(entries),
    }
    withheld = [_sealed("withheld", row) for row in _withheld(statement)]
    if withheld:
        content["withheld"] = withheld
    if contracts:
        content["contracts"] = contracts
    return {**content, "sha256": digest("statement", content)}


def as_bytes(content: Row) -> bytes:
    """Return the content as readable JSON, the same bytes every time."""
    return (json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def _sealed(kind: str, row: Row) -> Row:
    return {**row, "sha256": row_hash(row, kind)}


def _head(statement: Statement, month: Month, before: Statement | None, previous_sha256: str) -> Row:
    return {
        "statement": statement.public_id,
        "payee": statement.user.public_id,
        "period": statement.period,
        "currency": statement.currency,
        "from": hash_chain.moment(month.start),
        "until": hash_chain.moment(month.end),
        "closed_at": hash_chain.moment(statement.closed_period.closed_at),
        "previous": {"statement": before.public_id, "sha256": previous_sha256} if before else None,
    }


def _amounts(statement: Statement, counting: Iterable[JournalEntry]) -> Row:
    by_kind: dict[str, int] = defaultdict(int)
    for entry in counting:
        by_kind[entry.kind] += _credited(entry)
    return {
        "opening_minor": statement.opening_minor,
        "closing_minor": statement.closing_minor,
        "by_kind_minor": dict(by_kind),
    }


def _accounts(statement: Statement, entries: Iterable[JournalEntry], since: int) -> list[Row]:
    """Return each account with its posting numbers and balances at the start and end of the statement, on the chain."""
    ahead: dict[int, list[int]] = defaultdict(list)
    for entry in entries:
        for posting in _own(entry):
            if entry.link.position <= since:
                ahead[posting.account_id].append(posting.chained.ordinal)
    opening = statement_proofs.standing_at(statement, since)
    closing = statement_proofs.standing_at(statement, statement.closed_period.chain_position)
    accounts = LedgerAccount.objects.filter(pk__in=closing).order_by("name")
    return [
        {
            "account": account.name,
            "opening_ordinal": opening.get(account.pk, (0, 0))[0],
            "opening_balance_minor": opening.get(account.pk, (0, 0))[1],
            "closing_ordinal": closing[account.pk][0],
            "closing_balance_minor": closing[account.pk][1],
            "carried": sorted(ahead[account.pk]),
        }
        for account in accounts
    ]


def _lines(statement: Statement, parts: dict[LineKey, dict[int, int]]) -> list[Row]:
    shares = shares_of(statement)
    return [
        {
            "line": line.position,
            "work": line.work.public_id,
            "title": line.title,
            **{name: getattr(line, name) for name in _LINE},
            "shares": [asdict(share) for share in shares[line.position]],
            "entries": [
                {"entry": entry, "royalty_minor": amount}
                for entry, amount in sorted(parts.get(statement_proofs.key_of(line), {}).items())
            ],
        }
        for line in statement.lines.select_related("work")
    ]


def _contracts(statement: Statement, parts: dict[str, dict[int, int]]) -> list[Row]:
    return [
        {
            "contract": line.position,
            **{name: getattr(line, name) for name in _CONTRACT},
            "entries": [
                {"entry": entry, "pay_minor": amount} for entry, amount in sorted(parts.get(line.reference, {}).items())
            ],
        }
        for line in statement.contract_lines.all()
    ]


def _movements(counting: Iterable[JournalEntry], parts: Iterable[dict[int, int]]) -> list[Row]:
    """Return the entries that are in no line, or that move more than the lines say."""
    in_lines: dict[int, int] = defaultdict(int)
    for of_line in parts:
        for entry_id, amount in of_line.items():
            in_lines[entry_id] += amount
    return [
        {
            "entry": entry.pk,
            "movement": movements.classify(EntryKind(entry.kind), AccountKind(_own(entry)[0].account.kind)).value,
            "amount_minor": _credited(entry) - in_lines.get(entry.pk, 0),
        }
        for entry in counting
        if entry.pk not in in_lines or _credited(entry) != in_lines[entry.pk]
    ]


def _withheld(statement: Statement) -> list[Row]:
    return [
        {
            "rate_bps": each.rate_bps,
            "form": each.form,
            "expires_on": each.expires_on.isoformat() if each.expires_on else "",
            "sales": each.sales,
            "basis_minor": each.basis_minor,
            "amount_minor": each.amount_minor,
            "returned_minor": each.returned_minor,
        }
        for each in withholding.of_month(statement)
    ]


def _entries_with_roots(entries: list[JournalEntry]) -> Row:
    rows, used = [], []
    remaining = list(entries)
    for root in statement_proofs.roots_over([entry.link.position for entry in entries]):
        mine = [entry for entry in remaining if entry.link.position <= root.last_position]
        remaining = remaining[len(mine) :]
        rows += _under(root, mine)
        used.append(ledger_chain.published(root))
    return {"entries": rows, "roots": used}


def _under(root: DailyRoot, entries: list[JournalEntry]) -> list[Row]:
    leaves = chain_checks.leaves_between(root.first_position, root.last_position)
    tree = ledger_chain.Tree(leaves)
    places = statement_proofs.places_in(root, entries)
    return [_entry(entry, root, places[entry.pk], tree.path(places[entry.pk])) for entry in entries]


def _entry(entry: JournalEntry, root: DailyRoot, index: int, path: list[str]) -> Row:
    own = _own(entry)
    shown = {posting.pk for posting in own}
    return {
        "header": ledger_chain.header(entry),
        "postings": [ledger_chain.revealed(posting, posting.chained) for posting in own],
        "others": sorted(p.chained.hash for p in entry.postings.all() if p.pk not in shown),
        "root": root.number,
        "index": index,
        "path": path,
    }


def _own(entry: JournalEntry) -> list[Posting]:
    """Return the payee's postings in the statement's currency, as the selector marked them."""
    return list(entry.own)  # type: ignore[attr-defined]


def _credited(entry: JournalEntry) -> int:
    """Return how much the entry added to what is owed to the payee."""
    return -sum(posting.amount_minor for posting in _own(entry))
