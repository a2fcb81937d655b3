"""What pages and emails say of held money: the statement of reasons of each hold (Digital Services Act, Article 17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import NotFound
from common.money import Money
from common.templatetags.money import day, money, percent
from royalties import permissions
from royalties.models import (
    DisputeHold,
    HoldKind,
    HoldNotice,
    HoldRule,
    MilestoneDisputeHold,
    PayeeDetails,
    PayoutAccount,
    PayoutAccountState,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

type Rows = list[tuple[StrOrPromise, StrOrPromise]]

_LEAVES = _(
    "The money stays yours. Nothing else changes: your books stay on sale, they go on earning, and you can download "
    "your data."
)
_BY_A_PERSON = _("None: a person found it and decided.")
_BY_A_BANK = _(
    "A machine received the bank’s notice and held the money. The bank decides; a person answers every complaint."
)
_BY_COUNTING = _(
    "A machine counted your sales and decided by the published rule. A person decides about every complaint."
)


@dataclass(frozen=True, slots=True)
class Automatic:
    """A hold for everybody in the same case, which ends when time has passed or something is entered."""

    title: StrOrPromise
    rows: Rows


def notices_of(user: User) -> QuerySet[HoldNotice]:
    """Return everything the person was told about held money, the newest first."""
    return HoldNotice.objects.filter(user=user).order_by("-pk")


def notice_of(public_id: str) -> HoldNotice:
    """Return the notice with this public id. Raises NotFound."""
    about = ("user", "placed_by", "decided_by", "person_hold", "payout", "reserve_rule", "dispute")
    found = HoldNotice.objects.select_related(*about, "milestone_dispute__milestone").filter(public_id=public_id)
    notice = found.first()
    if notice is None:
        raise NotFound
    return notice


def waiting_complaints() -> QuerySet[HoldNotice]:
    """Return the complaints that a person has to decide, the oldest first."""
    return HoldNotice.objects.complained().select_related("user").order_by("complained_at", "pk")


def decided_complaints() -> QuerySet[HoldNotice]:
    return HoldNotice.objects.filter(decided_at__isnull=False).select_related("user").order_by("-pk")


def count_waiting() -> int:
    return HoldNotice.objects.complained().count()


def notices_to_mail(before: datetime) -> QuerySet[HoldNotice]:
    """Return the notices of which something older than `before` has not been told yet."""
    decided = Q(decided_at__lte=before, outcome_told_at=None)
    return HoldNotice.objects.filter(Q(told_at=None, placed_at__lte=before) | decided)


def statement_of(notice: HoldNotice, at: datetime) -> Rows:
    """Return the statement of reasons of a hold."""
    rule = HoldRule(notice.rule)
    return [
        (_("What is held"), _what(notice)),
        (_("Rule"), rule.label),
        (_("What happened"), notice.facts or _facts_of_bank(notice)),
        (_("What led to it"), _source(notice)),
        (_("Use of machines"), _machines(notice)),
        (_("Basis"), _("The law and our rules") if rule.is_law else _("Our rules")),
        (_("How long it applies"), _duration(notice)),
        (_("What it leaves to you"), _LEAVES),
        (_("If you disagree"), _redress(notice, at)),
    ]


def automatic_holds(user: User, at: datetime) -> list[Automatic]:
    """Return what holds the person's payouts without a decision about them."""
    found: list[Automatic] = []
    account = PayoutAccount.objects.filter(user=user).first()
    if account is not None and account.state(at) == PayoutAccountState.ON_HOLD:
        found.append(_after_change(account))
    if PayeeDetails.objects.missing().filter(user=user).exists():
        found.append(_without_details())
    return found


def _after_change(account: PayoutAccount) -> Automatic:
    return Automatic(
        _("Your payout account has just changed"),
        [
            (_("What is held"), HoldKind.PAYOUTS.label),
            (_("Rule"), _("Nobody is paid to an account that has just changed, so that nobody can steal payouts")),
            (_("What happened"), _("The account changed on %(day)s.") % {"day": day(account.changed_at)}),
            (_("Use of machines"), _("A machine does this after every change, by this rule.")),
            (_("Basis"), _("Our rules")),
            (_("How long it applies"), _("Until %(day)s. It ends by itself.") % {"day": day(account.usable_from)}),
            (_("If you disagree"), _BY_CONTACT),
        ],
    )


def _without_details() -> Automatic:
    return Automatic(
        _("We have to know who you are"),
        [
            (_("What is held"), HoldKind.PAYOUTS.label),
            (_("Rule"), HoldRule.TAX.label),
            (_("What happened"), _("You are paid for services, and the law has us ask for some details before.")),
            (_("Use of machines"), _("A machine does this for everybody whose details are missing.")),
            (_("Basis"), _("The law")),
            (_("How long it applies"), _("Until you have entered them")),
            (_("If you disagree"), _BY_CONTACT),
        ],
    )


_BY_CONTACT = _("Write to us: a person answers. You can also go to court.")


def _what(notice: HoldNotice) -> StrOrPromise:
    label = HoldKind(notice.kind).label
    if notice.payout is not None:
        return f"{label}: {money(notice.payout.amount_minor, notice.payout.currency)}"
    if notice.reserve_rule is not None:
        return _("%(rate)s of what clears, each amount for %(days)s days") % {
            "rate": percent(notice.reserve_rule.rate_bps),
            "days": notice.reserve_rule.days,
        }
    held = _held_of(notice)
    return f"{label}: {money(held.amount_minor, held.currency)}" if held is not None else label


def _held_of(notice: HoldNotice) -> Money | None:
    """Return how much is held for a dispute with a bank; None for another hold, and when it is over."""
    held: QuerySet[DisputeHold] | QuerySet[MilestoneDisputeHold]
    if notice.dispute is not None:
        held, currency = DisputeHold.objects.filter(disputed__dispute=notice.dispute), notice.dispute.currency
        held = held.filter(user=notice.user_id)
    elif notice.milestone_dispute is not None:
        held = MilestoneDisputeHold.objects.filter(dispute=notice.milestone_dispute)
        currency = notice.milestone_dispute.currency
    else:
        return None
    total: int | None = held.aggregate(total=Sum("amount_minor"))["total"]
    return Money(total, currency) if total and notice.ended_at is None else None


def _facts_of_bank(notice: HoldNotice) -> StrOrPromise:
    if notice.dispute is not None:
        shares = notice.dispute.sales.filter(sale__shares__user=notice.user_id).select_related("sale__work").distinct()
        named = "; ".join(f"{each.sale.work.title} ({each.sale.reference})" for each in shares)
        return _("On %(day)s the bank of a buyer pulled back what was paid: %(sales)s.") % {
            "day": day(notice.placed_at),
            "sales": named,
        }
    assert notice.milestone_dispute is not None  # noqa: S101 - the constraint hold_notice_of_one_hold
    return _("On %(day)s the client’s bank pulled back what was paid for the milestone %(reference)s.") % {
        "day": day(notice.placed_at),
        "reference": notice.milestone_dispute.milestone.reference,
    }


def _source(notice: HoldNotice) -> StrOrPromise:
    if notice.rule == HoldRule.BANK:
        return _("A notice from the bank, by the payment provider")
    if notice.placed_by_id is None:
        return _("The figures of your own sales")
    return _("Our own check, or a message to us")


def _machines(notice: HoldNotice) -> StrOrPromise:
    if notice.placed_by_id is not None:
        return _BY_A_PERSON
    return _BY_A_BANK if notice.rule == HoldRule.BANK else _BY_COUNTING


def _duration(notice: HoldNotice) -> StrOrPromise:
    if notice.ended_at is not None:
        return _("It ended on %(day)s.") % {"day": day(notice.ended_at)}
    if notice.until is not None:
        return _("Until %(day)s. It ends by itself.") % {"day": day(notice.until)}
    if notice.rule == HoldRule.BANK:
        return _("Until the bank has decided. If it decides for us, you get all of it.")
    return _("Until the question is settled or your complaint succeeds")


def _redress(notice: HoldNotice, at: datetime) -> StrOrPromise:
    return _(
        "Complain on the page of this hold until %(day)s: somebody who has not placed it decides. You can also turn to "
        "an out-of-court dispute settlement body or go to court."
    ) % {"day": day(permissions.complain_until(notice, at))}
