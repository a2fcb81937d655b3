"""Where a contributor's money is between sale and payout, and when it moves on: balances with their dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Max, Min, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.money import Money
from common.templatetags.money import day
from royalties import flow_chart, payout_schedule
from royalties.chart import AccountKind
from royalties.models import (
    AccountBalance,
    ClaimHold,
    DisputedSale,
    DisputeState,
    Payout,
    PayoutAccount,
    PayoutRail,
    PayoutRunState,
    PayoutSchedule,
    PayoutState,
    PersonHold,
    Posting,
    Reserve,
    SaleShare,
    SaleState,
)
from royalties.selectors.withholding import withheld_from

STAGES = {
    "clearing": AccountKind.CONTRIBUTOR_CLEARING,
    "disputed": AccountKind.CONTRIBUTOR_DISPUTED,
    "payable": AccountKind.CONTRIBUTOR_PAYABLE,
    "reserve": AccountKind.CONTRIBUTOR_RESERVE,
    "claimed": AccountKind.CONTRIBUTOR_CLAIMED,
    "in-transit": AccountKind.CONTRIBUTOR_IN_TRANSIT,
    "owed": AccountKind.CONTRIBUTOR_RECEIVABLE,
}
_ALWAYS = ("clearing", "payable", "in-transit", "paid")
_ORDER = ("clearing", "disputed", "claimed", "payable", "reserve", "in-transit", "paid")
_KINDS = {kind.value: name for name, kind in STAGES.items()}
_WAITS = {
    "approved": gettext_lazy("payout approved %(day)s, expected once your bank has it"),
    "proposed": gettext_lazy("payout proposed %(day)s, waiting for approval"),
    "held": gettext_lazy("on hold until %(day)s: %(reason)s"),
    "account": gettext_lazy("waiting for your payout account"),
    "trouble": "%(reason)s",
    "changed": gettext_lazy("on hold until %(day)s because your account changed"),
    "minimum": gettext_lazy("waiting to reach your minimum payout"),
    "asked": gettext_lazy("paid on request"),
    "schedule": gettext_lazy("next payout planned for %(day)s"),
}


@dataclass(frozen=True, slots=True)
class Dates:
    """The first and the last date of something that comes in parts."""

    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What payable money waits for, with the date and the reason where there is one.

    `why` is approved, proposed, held, account, changed, trouble, minimum, asked or schedule.
    """

    why: str
    at: datetime | None = None
    reason: str = ""
    rail: str = ""

    @property
    def is_for_owner(self) -> bool:
        """Whether the person can end the wait on the page of their payout account."""
        return self.why in {"account", "trouble", "minimum", "asked"}

    @property
    def note(self) -> str:
        """What the money waits for, in words."""
        text = str(_WAITS[self.why])
        if self.why == "approved" and self.rail == PayoutRail.STRIPE:
            text = _("payout approved %(day)s, expected in a day or two")
        elif self.why == "held" and self.at is None:
            text = _("on hold: %(reason)s")
        return text % {"day": day(self.at), "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage with its amount, its dates, its shape in the chart, and what payable money waits for."""

    name: str
    amount_minor: int
    dates: Dates
    pool: flow_chart.Pool
    waiting: Waiting | None = None

    @property
    def color(self) -> str:
        """The name of its color in the chart."""
        return self.name if self.amount_minor else "empty"

    @property
    def is_kept(self) -> bool:
        """Whether its money is held back for now, which the chart shows as hatched."""
        return self.name in {"disputed", "reserve", "claimed"}

    @property
    def note(self) -> str:
        """When its money moves on, or what it waits for, in words."""
        if self.name == "paid":
            return _("last on %(day)s") % {"day": day(self.dates.last_at)} if self.dates.last_at else _("nothing yet")
        if not self.amount_minor:
            return _("nothing here")
        return self.waiting.note if self.waiting is not None else _moving(self.name, self.dates)

    @property
    def is_for_owner(self) -> bool:
        """Whether its money waits for something that the person can do."""
        return bool(self.amount_minor and self.waiting and self.waiting.is_for_owner)


@dataclass(slots=True)
class PayoutFlow:
    """One currency's flow from sale to payout; `paid` is all that arrived and stayed, `owed` a debt."""

    currency: str
    waiting: Waiting
    amounts: dict[str, int] = field(default_factory=dict)
    dates: dict[str, Dates] = field(default_factory=dict)

    @property
    def owed_minor(self) -> int:
        return self.amounts.get("owed", 0)

    @property
    def withheld_minor(self) -> int:
        """The tax withheld, less what was given back: no longer the person's money."""
        return self.amounts.get("withheld", 0)

    @property
    def stages(self) -> list[Stage]:
        """The stages in order; disputes, claims and reserves only where there are any."""
        names = [name for name in _ORDER if name in _ALWAYS or self.amounts.get(name)]
        amounts = [self.amounts.get(name, 0) for name in names]
        drawn = flow_chart.pools(amounts)
        return [
            Stage(name, amount, self.dates.get(name, Dates()), pool, self.waiting if name == "payable" else None)
            for name, amount, pool in zip(names, amounts, drawn, strict=True)
        ]

    @property
    def length(self) -> int:
        return flow_chart.LENGTH * len(self.stages)


@dataclass(frozen=True, slots=True)
class Movement:
    """One posting on the account of a stage: positive adds to it.

    `title` is that of the work when it is about one of the person's sales.
    """

    posting: Posting
    amount_minor: int
    title: str


def payout_flows_of(user: User, at: datetime) -> list[PayoutFlow]:
    """Return one flow per currency in which the person ever earned, in the shop's order of currencies.

    A fixed number of queries.
    """
    amounts: dict[str, dict[str, int]] = {}
    rows = AccountBalance.objects.filter(account__owner=user, account__kind__in=_KINDS).values_list(
        "account__currency", "account__kind", "balance_minor"
    )
    for currency, kind, balance in rows:
        amounts.setdefault(currency, {})[_KINDS[kind]] = abs(balance)
    paid = payouts_paid(user).order_by().values_list("currency").annotate(total=Sum("amount_minor"))
    for currency, total in paid:
        amounts.setdefault(currency, {})["paid"] = total
    for currency, left in withheld_from(user).items():
        amounts.setdefault(currency, {})["withheld"] = left
    if not amounts:
        return []
    dates = _dates(user)
    known = [currency for currency in settings.CURRENCIES if currency in amounts]
    waits = _waits(user, {currency: amounts[currency].get("payable", 0) for currency in amounts}, at)
    return [
        PayoutFlow(currency, waits[currency], amounts[currency], dates.get(currency, {}))
        for currency in [*known, *sorted(amounts.keys() - set(known))]
    ]


def payouts_paid(user: User) -> QuerySet[Payout]:
    """Return payouts that arrived and stayed, newest first."""
    return Payout.objects.filter(user=user, state=PayoutState.PAID).select_related("account").order_by("-pk")


def balance_of(user: User, stage: str, currency: str) -> int:
    """Return what is in one stage now, by the ledger."""
    if stage == "paid":
        return int(
            payouts_paid(user).filter(currency=currency).aggregate(total=Sum("amount_minor", default=0))["total"]
        )
    rows = AccountBalance.objects.filter(
        account__owner=user, account__kind=STAGES[stage].value, account__currency=currency
    )
    return abs(rows.values_list("balance_minor", flat=True).first() or 0)


def postings_of(user: User, stage: str, currency: str) -> QuerySet[Posting]:
    """Return everything that moved a stage's balance, newest first; the amounts add up to it. Not for `paid`."""
    return (
        Posting.objects.filter(account__owner=user, account__kind=STAGES[stage].value, account__currency=currency)
        .select_related("entry", "account")
        .order_by("-pk")
    )


def movements(user: User, postings: Iterable[Posting]) -> list[Movement]:
    """Return the postings on their account's normal side; one query."""
    postings = list(postings)
    sales = SaleShare.objects.filter(user=user, sale__reference__in={p.entry.reference for p in postings})
    titles = dict(sales.values_list("sale__reference", "sale__work__title"))
    return [Movement(p, p.account.side * p.amount_minor, titles.get(p.entry.reference, "")) for p in postings]


def holds_of(user: User, at: datetime) -> Sequence[PersonHold]:
    """Return finance's holds on the person's payouts, with their reasons."""
    return list(PersonHold.objects.in_force(at).filter(user=user))


def _moving(name: str, dates: Dates) -> str:
    """Return when a stage's money moves on, in words."""
    first, last = day(dates.first_at), day(dates.last_at)
    match name:
        case "clearing" if first == last:
            return _("clears %(day)s") % {"day": first} if first else ""
        case "clearing":
            return _("clears between %(day)s and %(last)s") % {"day": first, "last": last}
        case "disputed":
            return _("since %(day)s, until the bank decides") % {"day": first}
        case "claimed":
            return _("since %(day)s, until the claim is decided") % {"day": first}
        case "reserve":
            return _("in reserve until %(day)s") % {"day": last}
        case _:
            return _("sent %(day)s, not confirmed yet") % {"day": last}


def _dates(user: User) -> dict[str, dict[str, Dates]]:
    """Return the dates by currency and stage."""
    shares = SaleShare.objects.filter(user=user, sale__state=SaleState.CLEARING, amount_minor__gt=F("returned_minor"))
    disputed = DisputedSale.objects.filter(dispute__state=DisputeState.OPEN, sale__shares__user=user)
    reserves = Reserve.objects.filter(user=user, released_at=None, left_minor__gt=0)
    claimed = ClaimHold.objects.filter(share__user=user, left_minor__gt=0)
    payouts = Payout.objects.filter(user=user)
    found: dict[str, dict[str, Dates]] = {}
    sources: list[tuple[str, QuerySet[Any], str, str]] = [
        ("clearing", shares, "sale__currency", "sale__clears_at"),
        ("disputed", disputed, "sale__currency", "dispute__opened_at"),
        ("claimed", claimed, "share__currency", "share__sale__cleared_at"),
        ("reserve", reserves, "currency", "release_at"),
        ("in-transit", payouts.filter(state=PayoutState.SENT), "currency", "asked_at"),
        ("paid", payouts.filter(state=PayoutState.PAID), "currency", "finished_at"),
    ]
    for name, rows, currency_of, moment in sources:
        dated = rows.order_by().values_list(currency_of).annotate(first=Min(moment), last=Max(moment))
        for currency, first, last in dated:
            found.setdefault(currency, {})[name] = Dates(first, last)
    return found


def _waits(user: User, payable: dict[str, int], at: datetime) -> dict[str, Waiting]:
    """Return by currency what its payable money waits for."""
    account = PayoutAccount.objects.filter(user=user).first()
    waiting = Payout.objects.filter(user=user, state__in=[PayoutState.PENDING, PayoutState.HELD])
    by_currency = {payout.currency: payout for payout in waiting.select_related("run", "person_hold")}
    hold = next(iter(holds_of(user, at)), None)
    return {
        currency: _waiting(by_currency.get(currency), account, hold, Money(amount, currency), at)
        for currency, amount in payable.items()
    }


def _waiting(
    payout: Payout | None, account: PayoutAccount | None, hold: PersonHold | None, payable: Money, at: datetime
) -> Waiting:
    if hold is not None:  # also stops a payout that was proposed before
        return Waiting("held", hold.ends_at, hold.reason)
    return _of_payout(payout) if payout is not None else _of_account(account, payable, at)


def _of_payout(payout: Payout) -> Waiting:
    if payout.state == PayoutState.HELD:
        until = payout.person_hold.ends_at if payout.person_hold else None
        return Waiting("held", until, payout.reason)
    if payout.run.state == PayoutRunState.APPROVED:
        return Waiting("approved", payout.run.approved_at, rail=payout.rail)
    return Waiting("proposed", payout.proposed_at)


def _of_account(account: PayoutAccount | None, payable: Money, at: datetime) -> Waiting:
    if account is None or not account.is_ready:
        return Waiting("account")
    if account.trouble:
        return Waiting("trouble", reason=account.get_trouble_display())
    if account.usable_from > at:
        return Waiting("changed", account.usable_from)
    if account.currency in ("", payable.currency) and payable.amount_minor < account.minimum_in(payable.currency):
        return Waiting("minimum")
    next_run = payout_schedule.next_run_at(PayoutSchedule(account.schedule), at)
    return Waiting("schedule", next_run) if next_run else Waiting("asked")
