"""What contributors see about their payouts: the account, what is payable, what it costs, holds, payouts so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from common.money import Money
from payments.rails import RailCode, rails_for
from royalties import payout_schedule
from royalties.chart import AccountKind
from royalties.models import (
    AccountBalance,
    BankFile,
    BankFileState,
    BankRow,
    BankStatement,
    ExchangeRate,
    HoldNotice,
    PayeeDetails,
    Payout,
    PayoutAccount,
    PayoutAccountState,
    PayoutRail,
    PayoutRunState,
    PayoutSchedule,
    PayoutState,
    PersonHold,
    PlanMembership,
    RateState,
)
from royalties.selectors import payout_costs
from royalties.selectors.payout_costs import PriceShown

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class PayableNow:
    """What one currency would come to if it was paid now. `is_possible` when the button does something; otherwise
    `why_not` says why.
    """

    payable: Money
    fee: Money
    arrives: Money
    is_possible: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Everything on the page in one value; a fixed number of queries."""

    account: PayoutAccount | None
    state: PayoutAccountState | None
    details: PayeeDetails | None  # asked for; None when nobody has to ask
    holds: Sequence[PersonHold]
    is_held: bool  # something is, or was, held of their money
    payable: Sequence[PayableNow]
    payouts: Sequence[Payout]
    prices: Sequence[PriceShown]
    next_run_at: datetime | None
    bears_cost: bool  # bears the cost of small payouts
    reached_by_provider: bool
    reached_by_bank: bool


def is_payable(user: User, *, at: datetime) -> bool:
    """Return whether what the person earns can reach them, as far as their payout account goes."""
    account = PayoutAccount.objects.filter(user=user).first()
    return account is not None and account.state(at) in {PayoutAccountState.READY, PayoutAccountState.ON_HOLD}


def account_page(*, user: User, at: datetime) -> AccountPage:
    """Return the contributor's own payout page."""
    account = PayoutAccount.objects.filter(user=user).first()
    rails = rails_for(account.country if account else user.country)
    rail = account.rail if account else PayoutRail.STRIPE
    membership = PlanMembership.objects.in_force(at).filter(user=user).select_related("plan").first()
    bears = not (membership and membership.plan.bears_payout_cost)
    holds = list(PersonHold.objects.in_force(at).filter(user=user))
    details = PayeeDetails.objects.filter(user=user).first()
    is_asked = details is not None and details.stated_at is None
    payouts = Payout.objects.filter(user=user).select_related("run").prefetch_related("conversions__rate")
    return AccountPage(
        account=account,
        state=account.state(at) if account else None,
        details=details,
        holds=holds,
        is_held=HoldNotice.objects.filter(user=user).exists(),
        payable=_payable(user, account, bears=bears, is_held=bool(holds), is_asked=is_asked, at=at),
        payouts=list(payouts[:_SHOWN]),
        prices=payout_costs.prices_shown(rail=rail, at=at),
        next_run_at=payout_schedule.next_run_at(PayoutSchedule(account.schedule), at) if account else None,
        bears_cost=bears,
        reached_by_provider=RailCode.STRIPE in rails,
        reached_by_bank=RailCode.BANK in rails,
    )


def _payable(
    user: User, account: PayoutAccount | None, *, bears: bool, is_held: bool, is_asked: bool, at: datetime
) -> list[PayableNow]:
    rows = AccountBalance.objects.filter(
        account__kind=AccountKind.CONTRIBUTOR_PAYABLE.value, account__owner=user, balance_minor__lt=0
    ).values_list("account__currency", "balance_minor")
    balances = sorted((currency, -balance) for currency, balance in rows)
    if not balances:
        return []
    claimed = {one.currency: _progress(one) for one in Payout.objects.open().filter(user=user).select_related("run")}
    is_first = account is None or account.pk not in payout_costs.accounts_paid_in_month(at=at)
    prices = {
        currency: payout_costs.by_rail(currency=currency, at=at).get(account.rail if account else PayoutRail.STRIPE)
        for currency, _amount in balances
    }
    is_ready = account is not None and account.is_usable(at) and not is_held
    told = account is not None and account.cost_told_at is not None
    return [
        _payable_now(
            Money(amount, currency),
            payout_costs.divided(prices[currency], amount, is_first_in_month=is_first, payee_bears=bears and told),
            minimum=account.minimum_in(currency) if account else 0,
            progress=claimed.get(currency, ""),
            is_ready=is_ready,
            is_asked=is_asked,
        )
        for currency, amount in balances
    ]


def _payable_now(
    payable: Money, parts: tuple[int, int], *, minimum: int, progress: str, is_ready: bool, is_asked: bool
) -> PayableNow:
    """`progress` is where a payout is that has a claim on the money; "" without one."""
    arrives, fee = parts
    currency, why_not = payable.currency, ""
    if progress:
        why_not = progress
    elif payable.amount_minor < minimum:
        why_not = _("below your minimum payout")
    elif arrives == 0:
        why_not = _("less than the payout cost")
    elif is_asked:
        why_not = _("waiting for your details for tax")
    elif not is_ready:
        why_not = _("waiting for your payout account")
    return PayableNow(payable, Money(fee, currency), Money(arrives, currency), not why_not, why_not)


def _progress(payout: Payout) -> str:
    """Return where an open payout is: only what was requested is on its way."""
    if payout.state == PayoutState.SENT:
        return _("on its way")
    if payout.state == PayoutState.HELD:
        return _("stopped by our team")
    if payout.run.state == PayoutRunState.APPROVED:
        return _("approved, and sent next")
    return _("waiting for approval by our team")


@dataclass(frozen=True, slots=True)
class Attention:
    """What finance has to act on in payouts."""

    failed: Sequence[Payout]
    files_to_release: Sequence[BankFile]
    rows_to_settle: int
    rates_to_approve: int


def attention(*, at: datetime) -> Attention:
    """Return failed payouts whose payee has had none since, files, unmatched rows and rates."""
    newest_first = Payout.objects.select_related("user", "run").filter(
        state__in=(PayoutState.FAILED, PayoutState.RETURNED), finished_at__gte=at - settings.DEBT_GRACE_PERIOD
    )
    return Attention(
        failed=list(newest_first[:_SHOWN]),
        files_to_release=list(
            BankFile.objects.filter(state=BankFileState.MADE).select_related("made_by", "run")[:_SHOWN]
        ),
        rows_to_settle=BankRow.objects.waiting().count(),
        rates_to_approve=ExchangeRate.objects.filter(state=RateState.PROPOSED).count(),
    )


def statements_imported() -> Sequence[BankStatement]:
    """Return bank statements, newest first, with their rows."""
    return list(BankStatement.objects.select_related("uploaded_by").prefetch_related("rows__payout")[:_SHOWN])


def rates() -> Sequence[ExchangeRate]:
    """Return exchange rates, newest first."""
    return list(ExchangeRate.objects.select_related("proposed_by", "decided_by")[: 4 * _SHOWN])
