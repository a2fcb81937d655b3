"""Exchange rates, and payable money converted into the currency its owner chose.

A rate is entered by one person and approved by another, or read from a conversion that the provider made. Money is
converted when a run is proposed, at the newest rate that is not too old; the payout then has a fixed amount, whatever
rates do later.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from common.money import Money, exponent
from royalties import chart, entries, payout_costs, permissions
from royalties.chart import AccountKind
from royalties.errors import RateApproverIsProposer, RateDecided, RateRefused
from royalties.models import (
    AccountBalance,
    EntryKind,
    ExchangeRate,
    JournalEntry,
    PayableConversion,
    Payout,
    PayoutAccount,
    PersonHold,
    PlanMembership,
    Posting,
    RateState,
)
from royalties.services import ledger

_PLACES = Decimal("0.00000001")


@transaction.atomic
def propose_rate(
    *, actor: User, base: str, quote: str, rate: Decimal, true_at: datetime, source: str, at: datetime
) -> ExchangeRate:
    """Enter how many units of `quote` one unit of `base` is worth, with its source. Raises NotAllowed, RateRefused."""
    if not permissions.may_enter_rates(actor):
        raise NotAllowed
    if base == quote:
        raise RateRefused(reason=_("both currencies are the same"))
    if rate <= 0 or rate.quantize(_PLACES) != rate:
        raise RateRefused(reason=_("it must be above zero, with at most eight decimal places"))
    if true_at > at:
        raise RateRefused(reason=_("its date is in the future"))
    row = ExchangeRate.objects.create(
        base=base, quote=quote, rate=rate, true_at=true_at, source=source, proposed_by=actor, proposed_at=at
    )
    account_services.record_audit(actor=actor, verb="exchange_rate.proposed", subject=row)
    return row


@transaction.atomic
def decide_rate(*, actor: User, rate: ExchangeRate, is_approved: bool, at: datetime) -> ExchangeRate:
    """Approve or decline somebody else's rate. Raises NotAllowed, RateApproverIsProposer, RateDecided."""
    if not permissions.may_enter_rates(actor):
        raise NotAllowed
    rate = ExchangeRate.objects.select_for_update().get(pk=rate.pk)  # races with a second approver
    if rate.proposed_by_id == actor.pk:
        raise RateApproverIsProposer
    if rate.state != RateState.PROPOSED:
        raise RateDecided(state=rate.get_state_display().lower())
    rate.state = RateState.APPROVED if is_approved else RateState.DECLINED
    rate.decided_by, rate.decided_at = actor, at
    rate.save(update_fields=["state", "decided_by", "decided_at"])
    account_services.record_audit(actor=actor, verb=f"exchange_rate.{rate.state}", subject=rate)
    return rate


def record_provider_rates(*, at: datetime) -> int:
    """Record the rates of provider conversions in the journal. Return how many were new."""
    since = at - settings.EXCHANGE_RATE_MAX_AGE
    known = set(ExchangeRate.objects.exclude(external_id="").values_list("external_id", flat=True))
    recent = JournalEntry.objects.filter(kind=EntryKind.CONVERSION, occurred_at__gte=since, occurred_at__lte=at)
    made = 0
    for entry in recent.order_by("pk").prefetch_related("postings__account"):
        if entry.external_id not in known:
            made += _learn(entry, at)
    return made


def convert_due(*, currency: str, at: datetime) -> int:
    """Convert what is payable in other currencies for people who chose this one. Return how many conversions.

    Only for accounts that can be paid now. Without a recent enough rate the money waits, unconverted.
    """
    held = PersonHold.objects.in_force(at).values("user")
    accounts = (
        PayoutAccount.objects.filter(currency=currency, is_ready=True, trouble="", usable_from__lte=at)
        .exclude(user__in=held)
        .select_related("user")
    )
    by_owner = {account.user_id: account.user for account in accounts}
    if not by_owner:
        return 0
    payable = AccountBalance.objects.filter(
        account__kind=AccountKind.CONTRIBUTOR_PAYABLE.value, account__owner__in=by_owner, balance_minor__lt=0
    ).exclude(account__currency=currency)
    pairs = list(payable.order_by("pk").values_list("account__owner", "account__currency"))
    plans = {m.user_id: m.plan.conversion_bps for m in PlanMembership.objects.in_force(at).select_related("plan")}
    return sum(_convert(by_owner[owner], given, currency, plans.get(owner, 0), at) for owner, given in pairs)


@transaction.atomic
def _convert(owner: User, given: str, received: str, spread_bps: int, at: datetime) -> int:
    rate = ExchangeRate.objects.newest(base=given, quote=received, since=at - settings.EXCHANGE_RATE_MAX_AGE, at=at)
    if rate is None or Payout.objects.open().filter(user=owner, currency=given).exists():
        return 0
    name = chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner.public_id)
    amount = ledger.lock_balances([(name, given), (name, received)])[name, given]
    numerator, denominator = rate.rate.as_integer_ratio()
    gained = payout_costs.convert(
        amount,
        rate_numerator=numerator,
        rate_denominator=denominator,
        shift=exponent(received) - exponent(given),
        spread_bps=spread_bps,
    )
    if amount <= 0 or gained <= 0:
        return 0
    # Named after the account's last movement, which under its lock makes each conversion one event.
    last = Posting.objects.filter(account__name=str(name), currency=given).latest("pk")
    draft = entries.payable_converted(
        external_id=f"{owner.public_id}:{last.pk}",
        owner=owner.public_id,
        occurred_at=at,
        given=Money(amount, given),
        received=Money(gained, received),
    )
    PayableConversion.objects.create(
        user=owner,
        rate=rate,
        given_minor=amount,
        given_currency=given,
        received_minor=gained,
        received_currency=received,
        spread_bps=spread_bps,
        converted_at=at,
        entry_id=ledger.post_one(draft).entry_id,
    )
    return 1


@transaction.atomic
def _learn(entry: JournalEntry, at: datetime) -> int:
    """Record the provider's rate: the ratio of what the entry moves on the exchange account in each currency."""
    moved = {p.currency: p.amount_minor for p in entry.postings.all() if p.account.kind == AccountKind.FX}
    if len(moved) != len(("base", "quote")) or not all(moved.values()):
        return 0
    # From the debited side to the other: a refund gives the rate of the way back.
    (base, given), (quote, settled) = sorted(moved.items(), key=lambda pair: pair[1] < 0)
    rate = (Money(abs(settled), quote).decimal / Money(abs(given), base).decimal).quantize(_PLACES)
    if rate <= 0:
        return 0
    _, is_new = ExchangeRate.objects.get_or_create(
        external_id=entry.external_id,
        defaults={
            "base": base,
            "quote": quote,
            "rate": rate,
            "true_at": entry.occurred_at,
            "source": "conversion by the payment provider",
            "state": RateState.APPROVED,
            "proposed_at": at,
        },
    )
    return int(is_new)
