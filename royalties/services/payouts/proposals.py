"""Who is due: runs proposed by a person, by the schedule once per period, or requested by the payee."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import services as account_services
from accounts.models import User
from common import ids
from common.errors import NotAllowed
from common.templatetags.money import money
from payments.rails import RailCode
from payments.rails.coverage import reaches
from royalties import chart, payout_schedule, permissions
from royalties import payout_costs as costs
from royalties.chart import AccountKind, AccountName
from royalties.errors import NothingToPayOut, PayoutNotPossible
from royalties.models import (
    AccountBalance,
    PayableConversion,
    PayeeDetails,
    Payout,
    PayoutAccount,
    PayoutRun,
    PayoutSchedule,
    PersonHold,
    SchedulePeriod,
)
from royalties.selectors import payout_costs
from royalties.services import clearing, exchange_rates, ledger

_BY_SCHEDULE = (PayoutSchedule.MONTHLY, PayoutSchedule.WEEKLY)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a run is proposed for: everybody on the schedules, or the one person who asked."""

    currency: str
    at: datetime
    schedules: Sequence[str] = _BY_SCHEDULE
    person: User | None = None
    proposed_by: User | None = None


@dataclass(frozen=True, slots=True)
class _Due:
    account: PayoutAccount
    divided: costs.Divided


@dataclass(slots=True)
class _Prices:
    """Price lists and who bears the cost, read once for a run."""

    of_rail: dict[str, costs.PayoutPrice]
    paid_this_month: set[int]
    borne_by_plan: set[int] = field(default_factory=set)

    def divide(self, account: PayoutAccount, payable: int) -> costs.Divided:
        price = self.of_rail.get(account.rail)
        if price is None:
            return costs.Divided(payable, 0, 0)
        bears = account.cost_told_at is not None and account.user_id not in self.borne_by_plan
        return costs.divide(payable, price, is_first_in_month=account.pk not in self.paid_this_month, payee_bears=bears)


def propose_run(*, actor: User, currency: str, at: datetime) -> PayoutRun:
    """Propose payouts of everything payable in the currency to everybody who can be paid and reached their minimum.

    Debts are recovered first, and what is due in this currency is converted. People who are paid only on request are
    left out. Raises NotAllowed, NothingToPayOut.
    """
    if not permissions.may_propose_payouts(actor):
        raise NotAllowed
    _prepare(at, currency)
    return _propose(_Wanted(currency, at, proposed_by=actor))


def request_payout(*, actor: User, currency: str, at: datetime) -> PayoutRun:
    """Propose the payee's own payout now; finance approves it. Raises PayoutNotPossible with the reason."""
    account = PayoutAccount.objects.filter(user=actor).first()
    if account is None or not account.is_usable(at):
        raise PayoutNotPossible(reason=account_reason(account))
    if PersonHold.objects.in_force(at).filter(user=actor).exists():
        raise PayoutNotPossible(reason=_("your payouts are on hold; the reason is shown on this page"))
    if PayeeDetails.objects.missing().filter(user=actor).exists():
        raise PayoutNotPossible(reason=_("we have to ask you for your tax details first; this page leads to them"))
    _prepare(at, currency)
    wanted = _Wanted(currency, at, schedules=tuple(PayoutSchedule), person=actor, proposed_by=actor)
    try:
        return _propose(wanted)
    except NothingToPayOut as nothing:
        why = _("less than %(least)s is payable, or a payout is already on its way")
        least = money(account.minimum_in(currency), currency)
        raise PayoutNotPossible(reason=why % {"least": least}) from nothing


def propose_due(*, at: datetime) -> list[PayoutRun]:
    """Propose what the schedules ask for, once per period and currency, and return the new runs.

    Safe to run at the same time. A period without anything payable is recorded as done: what clears later belongs to
    the next one.
    """
    made = []
    for kind in _BY_SCHEDULE:
        period = payout_schedule.last_period_over(kind, at)
        known = set(SchedulePeriod.objects.filter(schedule=kind, period=period.name).values_list("currency", flat=True))
        for currency in settings.CURRENCIES:
            if currency in known:
                continue
            _prepare(at, currency)
            run = _propose_period(kind, period.name, currency, at)
            if run is not None:
                made.append(run)
    return made


def account_reason(account: PayoutAccount | None) -> str:
    """Return in a few words why an account cannot be paid to."""
    if account is None:
        return _("you have not set up a payout account yet")
    if account.trouble:
        return str(account.get_trouble_display()).rstrip(".")
    return _("your payout account is not ready, or on hold after a change")


def _prepare(at: datetime, currency: str) -> None:
    """Recover debts and convert currencies in transactions of their own, before a run takes its locks."""
    clearing.recover_debts(at=at)
    exchange_rates.convert_due(currency=currency, at=at)


def _propose_period(kind: PayoutSchedule, name: str, currency: str, at: datetime) -> PayoutRun | None:
    try:
        with transaction.atomic():
            # Races with the same scheduled task on another machine: the second one waits here and finds the row.
            row = SchedulePeriod.objects.create(schedule=kind, period=name, currency=currency, proposed_at=at)
            try:
                row.run = _propose(_Wanted(currency, at, schedules=(kind,)))
            except NothingToPayOut:
                return None
            row.save(update_fields=["run"])
            return row.run
    except IntegrityError:
        return None


@transaction.atomic
def _propose(wanted: _Wanted) -> PayoutRun:
    accounts = {account.user.public_id: account for account in _payable_accounts(wanted)}
    names = {_payable(owner): owner for owner in accounts}
    # Races with another proposal: both would see the same payable money. Whoever locks the balance rows first claims
    # it; the other waits here and then finds the open payouts.
    balances = ledger.lock_balances((name, wanted.currency) for name in names)
    claimed = _people_with_open_payouts(wanted.currency)
    amounts = {accounts[names[name]]: amount for (name, _), amount in balances.items()}
    due = _due({a: m for a, m in amounts.items() if a.user_id not in claimed}, wanted)
    if not due:
        raise NothingToPayOut(currency=wanted.currency)
    run = PayoutRun.objects.create(currency=wanted.currency, cut_off_at=wanted.at, proposed_by=wanted.proposed_by)
    Payout.objects.bulk_create(_payout(run, one, wanted.at) for one in due)
    _link_conversions(run)
    facts: dict[str, str | int] = {"payouts": len(due), "amount_minor": sum(one.divided.amount for one in due)}
    account_services.record_audit(actor=wanted.proposed_by, verb="payout_run.proposed", subject=run, facts=facts)
    return run


def _due(payable: dict[PayoutAccount, int], wanted: _Wanted) -> list[_Due]:
    """Return who reached the minimum, with the amount that is left after the cost they bear."""
    prices = _Prices(
        payout_costs.by_rail(currency=wanted.currency, at=wanted.at),
        payout_costs.accounts_paid_in_month(at=wanted.at),
        payout_costs.people_whose_plan_bears_costs(at=wanted.at),
    )
    due = [
        _Due(account, prices.divide(account, amount))
        for account, amount in payable.items()
        if amount >= account.minimum_in(wanted.currency)
    ]
    return [one for one in due if one.divided.amount > 0]


def _payable_accounts(wanted: _Wanted) -> Iterable[PayoutAccount]:
    """Return accounts that can be paid to now, of people with something payable, without a hold, who said who they are
    where the law has us ask.
    """
    people = AccountBalance.objects.filter(
        account__kind=AccountKind.CONTRIBUTOR_PAYABLE.value, account__currency=wanted.currency, balance_minor__lt=0
    ).values("account__owner")
    held = PersonHold.objects.in_force(wanted.at).values("user")
    unknown = PayeeDetails.objects.missing().values("user")
    accounts = (
        PayoutAccount.objects.filter(user__in=people, is_ready=True, trouble="", usable_from__lte=wanted.at)
        .filter(schedule__in=wanted.schedules)
        .exclude(user__in=held)
        .exclude(user__in=unknown)
        .select_related("user")
    )
    if wanted.person is not None:
        accounts = accounts.filter(user=wanted.person)
    return [account for account in accounts if reaches(RailCode(account.rail), account.country)]


def _people_with_open_payouts(currency: str) -> set[int]:
    return set(Payout.objects.open().filter(currency=currency).values_list("user_id", flat=True))


def _payable(owner: str) -> AccountName:
    return chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner)


def _payout(run: PayoutRun, due: _Due, at: datetime) -> Payout:
    public_id = ids.public_id("pyo")
    return Payout(
        public_id=public_id,
        run=run,
        user_id=due.account.user_id,
        account=due.account,
        rail=due.account.rail,
        currency=run.currency,
        amount_minor=due.divided.amount,
        cost_minor=due.divided.cost,
        fee_minor=due.divided.fee,
        key=f"transfer:{public_id}",
        proposed_at=at,
    )


def _link_conversions(run: PayoutRun) -> None:
    """Link conversions to the payout that their money leaves with, so that it shows the rate."""
    waiting = PayableConversion.objects.filter(payout=None, received_currency=run.currency)
    for payout in run.payouts.all():
        waiting.filter(user_id=payout.user_id).update(payout=payout)
