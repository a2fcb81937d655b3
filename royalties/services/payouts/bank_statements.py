"""The bank's answers: a statement's rows, matched to payouts by reference, amount and currency.

A debit confirms a payout; a credit with its reference sends it back. Whatever does not fit exactly waits for a person.
A movement counts once, however many statements repeat it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from payments.rails import StatementRefused, StatementRow, read_statement
from payments.rails.pain001 import reference_of
from royalties import chart, entries, permissions
from royalties.errors import BankRowSettled, BankStatementRefused
from royalties.models import AccountTrouble, BankRow, BankStatement, Payout, PayoutRail, PayoutState, RowOutcome
from royalties.services import ledger
from royalties.services.payouts import transitions


@dataclass(frozen=True, slots=True)
class Imported:
    """The imported statement. `is_new` is False for a file that was read before: nothing changed."""

    statement: BankStatement
    is_new: bool


@transaction.atomic
def import_statement(*, actor: User, name: str, content: bytes, at: datetime) -> Imported:
    """Read a camt.053 statement of our account and book what it says. Raises NotAllowed, BankStatementRefused."""
    if not permissions.may_propose_payouts(actor):
        raise NotAllowed
    sha256 = hashlib.sha256(content).hexdigest()
    known = BankStatement.objects.filter(sha256=sha256).first()
    if known is not None:
        return Imported(known, is_new=False)
    rows = _read(content)
    statement, is_new = BankStatement.objects.get_or_create(
        sha256=sha256, defaults={"name": name[:120], "uploaded_by": actor, "uploaded_at": at}
    )
    if not is_new:  # another upload was faster
        return Imported(statement, is_new=False)
    account_services.record_audit(actor=actor, verb="bank_statement.imported", subject=statement)
    _book(statement, rows, at)
    return Imported(statement, is_new=True)


@transaction.atomic
def settle_row(*, actor: User, row: BankRow, note: str, is_sweep: bool, at: datetime) -> BankRow:
    """Record what became of a row that matched nothing; `is_sweep` books a credit as our own money from the provider.

    Raises NotAllowed, BankRowSettled.
    """
    if not permissions.may_propose_payouts(actor):
        raise NotAllowed
    row = BankRow.objects.select_for_update().get(pk=row.pk)
    if row.outcome != RowOutcome.UNMATCHED or row.settled_at is not None or (is_sweep and not row.is_credit):
        raise BankRowSettled
    if is_sweep:
        draft = entries.bank_sweep(
            external_id=row.fingerprint,
            currency=row.currency,
            occurred_at=_booked_at(row, at),
            amount=row.amount_minor,
        )
        ledger.post_one(draft)
        row.outcome = RowOutcome.SWEEP
    row.note, row.settled_by, row.settled_at = note[:200], actor, at
    row.save(update_fields=["outcome", "note", "settled_by", "settled_at"])
    account_services.record_audit(actor=actor, verb="bank_row.settled", subject=row, facts={"outcome": row.outcome})
    return row


def _read(content: bytes) -> list[StatementRow]:
    try:
        rows = read_statement(content)
    except StatementRefused as refused:
        raise BankStatementRefused(reason=_REFUSALS.get(refused.code, _("it cannot be read"))) from refused
    if any(row.account != settings.BANK_IBAN for row in rows):
        raise BankStatementRefused(reason=_("it is for a different account from the one payouts are sent from"))
    return rows


_REFUSALS = {
    "not_xml": _("it is not an XML file"),
    "not_camt053": _("it is not a camt.053 statement"),
    "has_doctype": _("it declares a document type, which a bank’s file does not"),
    "too_large": _("it is larger than 10 MB"),
}


def _book(statement: BankStatement, rows: Sequence[StatementRow], at: datetime) -> None:
    names = _names(rows)
    known = set(BankRow.objects.filter(fingerprint__in=names).values_list("fingerprint", flat=True))
    new = {name: (position, row) for position, (name, row) in enumerate(zip(names, rows, strict=True), 1)}
    payouts = _lock_payouts([row for name, (_, row) in new.items() if name not in known])
    # Debits first: what was paid and sent back within one statement is both, in whatever order it lists them.
    for name, (position, row) in sorted(new.items(), key=lambda item: (item[1][1].is_credit, item[1][0])):
        if name not in known:
            payout = payouts.get(reference_of(row.end_to_end_id)) if row.end_to_end_id else None
            stored = _as_row(name, row)
            stored.statement, stored.position, stored.payout = statement, position, payout
            stored.outcome, stored.note = _match(row, payout, at)
            stored.save()


def _names(rows: Sequence[StatementRow]) -> list[str]:
    """Return one name per movement.

    Identical movements, which a bank without references cannot tell apart, are counted.
    """
    seen: Counter[str] = Counter()
    names = []
    for row in rows:
        seen[row.fingerprint] += 1
        names.append(hashlib.sha256(f"{row.fingerprint}|{seen[row.fingerprint]}".encode()).hexdigest())
    return names


def _lock_payouts(rows: Sequence[StatementRow]) -> dict[str, Payout]:
    references = [reference_of(row.end_to_end_id) for row in rows if row.end_to_end_id]
    found = Payout.objects.filter(public_id__in=references, rail=PayoutRail.BANK).select_for_update(of=("self",))
    return {str(payout.public_id): payout for payout in found.select_related("user", "account").order_by("pk")}


def _match(row: StatementRow, payout: Payout | None, at: datetime) -> tuple[RowOutcome, str]:
    if payout is None:
        return RowOutcome.UNMATCHED, "No payout has this reference."
    if (row.amount.amount_minor, row.amount.currency) != (payout.amount_minor, payout.currency):
        return RowOutcome.UNMATCHED, "The payout has this reference, but another amount."
    act = _ACTS.get((row.is_credit, PayoutState(payout.state)))
    if act is None:
        return RowOutcome.UNMATCHED, f"The payout is {payout.get_state_display().lower()}."
    # A statement may be read long after the bank booked, but the bank never booked before the file was handed out.
    before = payout.finished_at or payout.asked_at or at
    return act(row, payout, max(before, _booked_at(row, at))), ""


def _confirm(row: StatementRow, payout: Payout, at: datetime) -> RowOutcome:
    transitions.confirm(payout, transfer_id=row.bank_reference[:120], paid_from=chart.BANK, at=at)
    return RowOutcome.CONFIRMED


def _fail(row: StatementRow, payout: Payout, at: datetime) -> RowOutcome:
    transitions.fail(payout, code=row.reason or "sent_back", at=at)
    transitions.mark_trouble(payout.account_id, AccountTrouble.BANK_REFUSED)
    return RowOutcome.FAILED


def _return(row: StatementRow, payout: Payout, at: datetime) -> RowOutcome:
    draft = entries.payout_returned(
        payout=payout.public_id,
        owner=payout.user.public_id,
        currency=payout.currency,
        occurred_at=at,
        amount=payout.amount_minor,
        paid_from=chart.BANK,
    )
    payout.returned_entry_id = ledger.post_one(draft).entry_id
    payout.state, payout.reason = PayoutState.RETURNED, row.reason or "sent_back"
    payout.save(update_fields=["returned_entry", "state", "reason"])
    transitions.mark_trouble(payout.account_id, AccountTrouble.BANK_REFUSED)
    return RowOutcome.RETURNED


_ACTS: dict[tuple[bool, PayoutState], Callable[[StatementRow, Payout, datetime], RowOutcome]] = {
    (False, PayoutState.SENT): _confirm,
    (True, PayoutState.SENT): _fail,
    (True, PayoutState.PAID): _return,
}


def _as_row(name: str, row: StatementRow) -> BankRow:
    return BankRow(
        fingerprint=name,
        end_to_end_id=row.end_to_end_id[:40],
        currency=row.amount.currency,
        amount_minor=row.amount.amount_minor,
        is_credit=row.is_credit,
        booked_on=row.booked_on,
        bank_reference=row.bank_reference[:80],
        reason=row.reason[:10],
        text=row.text,
    )


def _booked_at(row: BankRow | StatementRow, at: datetime) -> datetime:
    return min(datetime.combine(row.booked_on, time(12), tzinfo=UTC), at)
