"""Forms, rates and amounts of withheld tax: which form is valid, what a month withheld, and whether the books agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from common.money import Money, apply_bps
from royalties import tax_forms
from royalties.chart import AccountKind
from royalties.models import (
    CertificateState,
    EntryKind,
    JournalEntry,
    Posting,
    Remittance,
    RemittanceState,
    Statement,
    TaxCertificate,
    TaxForm,
    TreatyRate,
    Withholding,
    WithholdingReturn,
    WithholdingRule,
)
from royalties.selectors.check_scope import WHOLE, Scope
from royalties.tax_forms import Stated

COUNTRY = "US"
# Days before a form expires on which its signer is reminded, the last first.
REMINDERS = (14, 60)


def reminder_due(certificate: TaxCertificate, at: datetime) -> int | None:
    """Return which reminder of a form's end its signer has not had yet; None if none is due or another form follows."""
    if certificate.expires_on is None:
        return None
    left = (certificate.expires_on - at.astimezone(UTC).date()).days
    days = next((each for each in REMINDERS if left <= each), None)
    if left < 0 or days is None or (certificate.told_days is not None and certificate.told_days <= days):
        return None
    later = TaxCertificate.objects.filter(user=certificate.user_id, pk__gt=certificate.pk)
    return None if later.exclude(state=CertificateState.REFUSED).exists() else days


class Rates:
    """The rates of several people at several moments, read once."""

    def __init__(self, user_ids: Iterable[int]) -> None:
        self.rules = list(WithholdingRule.objects.filter(country=COUNTRY).order_by("-effective_at", "-id"))
        self._forms: dict[int, list[TaxCertificate]] = {}
        self._treaties: list[TreatyRate] = []
        if self.rules:
            accepted = TaxCertificate.objects.filter(user__in=set(user_ids), state=CertificateState.ACCEPTED)
            for certificate in accepted.order_by("-valid_from", "-id"):
                self._forms.setdefault(certificate.user_id, []).append(certificate)
            countries = {form.country for forms in self._forms.values() for form in forms}
            self._treaties = list(TreatyRate.objects.filter(country__in=countries).order_by("-effective_on", "-id"))

    def without_form_bps(self, at: datetime) -> int:
        """Return the rate withheld without a form; 0 when nothing is withheld at all."""
        return next((rule.rate_bps for rule in self.rules if rule.effective_at <= at), 0)

    def form_of(self, user_id: int, at: datetime) -> TaxCertificate | None:
        """Return the person's form that is valid at the moment."""
        day = at.astimezone(UTC).date()
        holding = (form for form in self._forms.get(user_id, []) if form.valid_from <= day)
        return next((form for form in holding if form.expires_on is None or day <= form.expires_on), None)

    def under(self, form: TaxCertificate | None, at: datetime) -> int:
        """Return the rate that a form leaves at the moment."""
        if form is None:
            return self.without_form_bps(at)
        day = at.astimezone(UTC).date()
        treaty = (t.rate_bps for t in self._treaties if t.country == form.country and t.effective_on <= day)
        return tax_forms.rate_bps(
            Stated(TaxForm(form.form), form.country, form.claims_treaty, form.has_taxpayer_number),
            without_form_bps=self.without_form_bps(at),
            treaty_bps=next(treaty, None),
        )


_DECIDED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class WithheldOfMonth:
    """What was withheld and given back in one month, at one rate under one form. `form` is "" without one."""

    rate_bps: int
    form: str
    expires_on: date | None
    sales: int
    basis_minor: int
    amount_minor: int
    returned_minor: int


@dataclass(frozen=True, slots=True)
class TaxPage:
    """What contributors see about their forms and what was withheld from them."""

    holding: TaxCertificate | None
    expired: TaxCertificate | None  # the last valid one, when none is now
    waiting: TaxCertificate | None
    past: Sequence[TaxCertificate]
    rate_bps: int
    is_withheld: bool
    withheld: Sequence[Money]


@dataclass(frozen=True, slots=True)
class Owed:
    """What one currency owes the tax office, and what waits to be given back to contributors."""

    withheld: Money
    waiting: Money


def of_month(statement: Statement) -> list[WithheldOfMonth]:
    """Return a statement's lines of withheld tax, the highest rate first."""
    of = {"user": statement.user_id, "currency": statement.currency}
    taken = Withholding.objects.filter(**of, period=statement.period).select_related("certificate")
    returned = WithholdingReturn.objects.filter(
        withholding__user=statement.user_id, withholding__currency=statement.currency, period=statement.period
    ).select_related("withholding__certificate")
    sums: dict[tuple[int, str, date | None], list[int]] = {}
    for row in taken:
        of_kind = sums.setdefault(_kind(row), [0, 0, 0, 0])
        for column, amount in enumerate((1, row.basis_minor, row.amount_minor)):
            of_kind[column] += amount
    for back in returned:
        sums.setdefault(_kind(back.withholding), [0, 0, 0, 0])[3] += back.amount_minor
    ordered = sorted(sums, key=lambda kind: (-kind[0], kind[1], kind[2] or date.max))
    return [WithheldOfMonth(*kind, *sums[kind]) for kind in ordered]


def page_of(user: User, *, at: datetime) -> TaxPage:
    """Return the forms of one person and what was withheld from them so far."""
    rates = Rates([user.pk])
    forms = list(user.tax_certificates.all())
    holding = rates.form_of(user.pk, at)
    accepted = [form for form in forms if form.state == CertificateState.ACCEPTED]
    return TaxPage(
        holding=holding,
        expired=accepted[0] if accepted and holding is None else None,
        waiting=next((form for form in forms if form.state == CertificateState.HANDED_IN), None),
        past=[form for form in forms if form.state != CertificateState.HANDED_IN and form != holding],
        rate_bps=rates.under(holding, at),
        is_withheld=bool(rates.without_form_bps(at)),
        withheld=[Money(amount, currency) for currency, amount in withheld_from(user).items()],
    )


def withheld_from(user: User) -> dict[str, int]:
    """Return the total withheld from a person, less what was given back, by currency."""
    rows = Withholding.objects.filter(user=user).order_by("currency").values_list("currency")
    sums = rows.annotate(left=Sum(F("amount_minor") - F("returned_minor")))
    return {currency: left for currency, left in sums if left}


def withheld_rows(user: User) -> QuerySet[Withholding]:
    """Return what was withheld from a person, sale by sale, newest first."""
    rows = Withholding.objects.filter(user=user).select_related("certificate", "share__sale__work")
    return rows.order_by("-id")


def certificates(*, is_waiting: bool) -> QuerySet[TaxCertificate]:
    """Return forms that wait for a check, oldest first; or those already decided, newest first."""
    rows = TaxCertificate.objects.select_related("user", "decided_by")
    if is_waiting:
        return rows.filter(state=CertificateState.HANDED_IN).order_by("id")
    return rows.exclude(state=CertificateState.HANDED_IN).order_by("-id")


def remittances() -> list[Remittance]:
    """Return all that wait for a second person, then the newest decided ones."""
    rows = Remittance.objects.select_related("proposed_by", "decided_by", "entry")
    waiting = rows.filter(state=RemittanceState.PROPOSED)
    return [*waiting, *rows.exclude(state=RemittanceState.PROPOSED)[:_DECIDED_SHOWN]]


def owed() -> list[Owed]:
    """Return what is owed to the tax office, by currency."""
    waiting = _sums(WithholdingReturn.objects.filter(entry=None), "withholding__currency", "amount_minor")
    lying = _balances()
    currencies = sorted(lying.keys() | waiting.keys())
    return [Owed(Money(lying.get(c, 0), c), Money(waiting.get(c, 0), c)) for c in currencies]


def violations(scope: Scope = WHOLE) -> Iterator[tuple[str, str]]:
    """Yield (row, detail) where the records of withheld tax and the ledger disagree; sums are those of all time."""
    taken = _sums(Withholding.objects.filter(entry__isnull=False), "currency", "amount_minor")
    back = _sums(WithholdingReturn.objects.filter(entry__isnull=False), "withholding__currency", "amount_minor")
    paid = _sums(Remittance.objects.filter(state=RemittanceState.APPROVED), "currency", "amount_minor")
    lying = _balances()
    for currency in sorted(taken.keys() | lying.keys()):
        expected = taken.get(currency, 0) - back.get(currency, 0) - paid.get(currency, 0)
        if lying.get(currency, 0) != expected:
            yield f"account withholding in {currency}", f"stands at {lying.get(currency, 0)}, records say {expected}"
    made = Withholding.objects.filter(scope.entries("entry__")).select_related("share")
    rows = made.annotate(given=Coalesce(Sum("returns__amount_minor"), 0))
    for row in rows:
        name = f"withholding {row.pk}"
        if row.amount_minor != apply_bps(row.basis_minor, row.rate_bps):
            yield name, "is not its rate of its basis"
        if row.given != row.returned_minor:
            yield name, f"has given back {row.given}, not {row.returned_minor}"
        if not row.share.kept_minor and row.left_minor:
            yield name, "keeps tax of a royalty that went back"
    unrecorded = JournalEntry.objects.filter(scope.entries(), kind=EntryKind.WITHHELD, withholding=None)
    for entry in unrecorded:
        yield f"journal entry {entry.pk}", "withholds tax without a record"


def _kind(row: Withholding) -> tuple[int, str, date | None]:
    form = row.certificate
    return (row.rate_bps, form.form if form else "", form.expires_on if form else None)


def _balances() -> dict[str, int]:
    rows = Posting.objects.filter(account__kind=AccountKind.WITHHOLDING.value)
    return {currency: -total for currency, total in _sums(rows, "currency", "amount_minor").items()}


def _sums(rows: QuerySet[Any], currency: str, column: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(currency).annotate(total=Sum(column)))
