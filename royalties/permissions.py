"""Who may see royalties and who may move them: pure yes/no questions."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts import permissions as account_permissions
from accounts.models import User
from accounts.permissions import Visitor
from publishing.models import Work
from royalties.models import HoldNotice, PayeeDetails, PayoutRun

COMPLAINT_PERIOD = timedelta(days=183)  # Digital Services Act, Article 20: at least six months


def may_read_finance(user: Visitor) -> bool:
    """Return whether the person is finance staff or an operator. For everybody else these pages do not exist."""
    return account_permissions.may_read_finance(user)


def may_propose_payouts(user: Visitor) -> bool:
    return account_permissions.is_finance(user)


def may_approve_payouts(user: Visitor) -> bool:
    """Return whether the person may approve runs at all. `may_approve` also excludes their own runs."""
    return account_permissions.is_finance(user) or account_permissions.is_operator(user)


def may_approve(user: Visitor, run: PayoutRun) -> bool:
    return may_approve_payouts(user) and run.proposed_by_id != user.pk


def may_hold_payouts(user: Visitor) -> bool:
    return account_permissions.is_finance(user)


def may_see_hold(user: Visitor, notice: HoldNotice) -> bool:
    """Return whether it is the person's own money that is held."""
    return isinstance(user, User) and user.pk == notice.user_id


def may_complain(user: Visitor, notice: HoldNotice, at: datetime) -> bool:
    """Return whether the person may complain: once, within six months of being told, whether or not it is over."""
    return may_see_hold(user, notice) and notice.complained_at is None and at < complain_until(notice, at)


def complain_until(notice: HoldNotice, at: datetime) -> datetime:
    """Return until when the person may complain; counted from today while the email is on its way."""
    return (notice.told_at or at) + COMPLAINT_PERIOD


def may_decide_complaint(user: Visitor, notice: HoldNotice) -> bool:
    """Return whether the person may decide a complaint: finance, but nobody who placed the hold or is concerned."""
    is_free = isinstance(user, User) and user.pk not in {notice.placed_by_id, notice.user_id}
    return is_free and notice.awaits_decision and may_hold_payouts(user)


def may_enter_rates(user: Visitor) -> bool:
    """Return whether the person may enter and approve exchange rates. Nobody approves a rate of their own."""
    return account_permissions.is_finance(user)


def may_check_tax_forms(user: Visitor) -> bool:
    """Return whether the person may accept or reject tax forms. Nobody decides on a form of their own."""
    return account_permissions.is_finance(user)


def may_read_payee_details(user: Visitor) -> bool:
    """Return whether the person may read what payees state for tax, each time on record with a purpose."""
    return account_permissions.is_finance(user)


def may_close_periods(user: Visitor) -> bool:
    return account_permissions.is_finance(user)


def may_explain_items(user: Visitor) -> bool:
    """Return whether the person may explain items that do not agree with the provider and propose a resolution."""
    return account_permissions.is_finance(user)


def may_decide_items(user: Visitor) -> bool:
    """Return whether the person may decide on proposals for such items. Nobody approves a proposal of their own."""
    return account_permissions.is_finance(user) or account_permissions.is_operator(user)


def may_have_earnings(user: Visitor) -> bool:
    """Return whether the person is an author, is or was credited on a work, was paid for a service, or won a claim.

    Nobody else has an earnings page.
    """
    if not isinstance(user, User):
        return False
    if account_permissions.is_author(user) or user.contributions.exists() or user.credits_left.exists():
        return True
    return PayeeDetails.objects.filter(user=user).exists() or user.claims_won.exists()


def may_see_earnings_of(user: User, work_public_id: str) -> bool:
    """Return whether the person owns the work or is or was credited on it."""
    works = Work.objects.filter(public_id=work_public_id)
    return works.filter(Q(owner=user) | Q(contributors__user=user) | Q(contributors__left=user)).exists()
