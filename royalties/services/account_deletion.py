"""Account deletion: what an author is owed or owes, and the removal of personal data from old records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.hooks import Obstacle
from accounts.models import Deletion, User
from accounts.retention_schedule import LAW_YEARS
from common.money import exponent
from common.templatetags.money import money
from royalties.chart import AccountKind
from royalties.models import (
    AccountBalance,
    BankDetails,
    BankFile,
    BankRow,
    CertificateState,
    MilestoneRecord,
    MilestoneSettlement,
    PayeeDetails,
    Payout,
    PayoutAccount,
    PlanMembership,
    TaxCertificate,
)
from royalties.models.payout import DEFAULT_MINIMUM_UNITS
from royalties.selectors import unknown_payees

_BY_LAW = timedelta(days=366 * LAW_YEARS)
_NOT_PAYABLE_YET = (
    AccountKind.CONTRIBUTOR_CLEARING,
    AccountKind.CONTRIBUTOR_DISPUTED,
    AccountKind.CONTRIBUTOR_RESERVE,
    AccountKind.CONTRIBUTOR_IN_TRANSIT,
)
_AT_EARNINGS = partial(Obstacle, page="earnings", action=gettext_lazy("Go to your earnings"))


def obstacles(user: User, at: datetime) -> Iterable[Obstacle]:
    """Yield what is on its way to them, what they could be paid, and what they owe."""
    for (kind, currency), minor in _balances(user).items():
        amount = {"amount": money(minor, currency)}
        if kind in _NOT_PAYABLE_YET:
            text = _("%(amount)s of your earnings is not payable yet.") % amount
            yield _AT_EARNINGS(text, gettext_lazy("Wait until it is payable and has been paid out."))
        elif kind == AccountKind.CONTRIBUTOR_CLAIMED:
            text = _("%(amount)s of your earnings is held for a claim on your work.") % amount
            yield _AT_EARNINGS(text, gettext_lazy("Wait until the claim is decided and you have been paid."))
        elif kind == AccountKind.CONTRIBUTOR_RECEIVABLE:
            text = _("You owe %(amount)s for books that were returned after you were paid.") % amount
            yield _AT_EARNINGS(text, gettext_lazy("Contact us so that we can settle it."))
        elif minor >= _minimum(user, currency):
            yield Obstacle(
                _("%(amount)s is payable to you.") % amount,
                gettext_lazy("Get paid first: set up your payout account, then request a payout."),
                page="earnings-account",
                action=gettext_lazy("Go to your payout account"),
            )
    if Payout.objects.open().filter(user=user).exists():
        text = _("A payout to you is prepared or on its way.")
        yield _AT_EARNINGS(text, gettext_lazy("Wait until it has arrived."))


def forfeited(user: User, at: datetime) -> Iterable[str]:
    """Yield what is payable but less than their own minimum."""
    for (kind, currency), minor in _balances(user).items():
        if kind == AccountKind.CONTRIBUTOR_PAYABLE and minor < _minimum(user, currency):
            yield _(
                "%(amount)s is payable to you, but below your minimum payout. Lower the minimum to be paid first; "
                "otherwise the money stays with us."
            ) % {"amount": money(minor, currency)}


def erase(deletion: Deletion, at: datetime) -> None:
    """Stop payouts and charges, and forget where payouts went. The ledger stays. Safe to repeat."""
    user = deletion.user
    BankDetails.objects.filter(account__user=user).delete()
    PayoutAccount.objects.filter(user=user).update(is_ready=False, masked_bank="")
    PlanMembership.objects.filter(user=user, starts_at__gte=at).delete()
    PlanMembership.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), user=user).update(ends_at=at)
    TaxCertificate.objects.filter(user=user, state=CertificateState.HANDED_IN).delete()
    if not unknown_payees.owed_to([user.pk]):  # else payouts still wait for them, and finance has to know
        PayeeDetails.objects.missing().filter(user=user).delete()


def purge_expired_records(at: datetime) -> None:
    """Remove names and numbers from records whose legal retention has ended. Runs each night."""
    before = at - _BY_LAW
    TaxCertificate.objects.filter(handed_in_at__lt=before).exclude(name="").update(name="", signature="")
    paid_since = MilestoneSettlement.objects.filter(gross_minor__gt=0, settled_at__gte=before).values("user")
    old = PayeeDetails.objects.filter(stated_at__lt=before).exclude(user__in=paid_since)
    old.exclude(token=b"").update(token=b"")
    MilestoneRecord.objects.filter(paid_at__lt=before).exclude(payer_vat_number="").update(payer_vat_number="")
    BankRow.objects.filter(booked_on__lt=before.date()).exclude(text="", note="").update(text="", note="")
    BankFile.objects.filter(made_at__lt=before).exclude(token=b"").update(token=b"")


def _balances(user: User) -> dict[tuple[str, str], int]:
    """Return what is on each of their accounts, by kind and currency, where there is anything."""
    rows = AccountBalance.objects.filter(account__owner=user).exclude(balance_minor=0).order_by("account__pk")
    found = rows.values_list("account__kind", "account__currency", "balance_minor")
    return {(kind, currency): abs(minor) for kind, currency, minor in found}


def _minimum(user: User, currency: str) -> int:
    account = PayoutAccount.objects.filter(user=user).first()
    return account.minimum_in(currency) if account else int(DEFAULT_MINIMUM_UNITS * 10 ** exponent(currency))
