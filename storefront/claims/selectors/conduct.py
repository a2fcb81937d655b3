"""Who is known to the shop, and whose claims were dismissed."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from royalties.models import PayoutAccount, PayoutRail, SaleShare
from storefront.claims.models import Claim, ConductNotice, NoticeKind, Outcome

WITHIN = timedelta(days=365)
_DISMISSED_FOR_A_LOOK = 2


def is_known(user: User | None) -> bool:
    """Return whether the person has sold here, and it has cleared, or the payment provider has checked who they are.

    Bank details that somebody typed prove nothing, nor do free books.
    """
    if user is None or not user.is_active:
        return False
    if PayoutAccount.objects.filter(user=user, rail=PayoutRail.STRIPE, is_ready=True, trouble="").exists():
        return True
    earned = SaleShare.objects.filter(user=user, amount_minor__gt=0)
    return earned.filter(sale__cleared_at__isnull=False, sale__refunded_at=None).exists()


def dismissed(user: User | None, email: str, at: datetime) -> list[Claim]:
    """Return the person's claims that were dismissed for good within a year, newest first."""
    rows = Claim.objects.by(user, email).filter(outcome=Outcome.DISMISSED, ended_at__gt=at - WITHIN)
    return list(rows.order_by("-ended_at", "-pk"))


def needs_look(user: User | None, email: str, at: datetime) -> bool:
    """Return whether a person looks at the claimant's claims first, because two were dismissed within a year."""
    return len(dismissed(user, email, at)) >= _DISMISSED_FOR_A_LOOK


def suspension_of(user: User | None, email: str, at: datetime) -> ConductNotice | None:
    """Return the suspension in force: no claims of the person are taken."""
    return ConductNotice.objects.of(user, email).in_force(at).first()


def was_warned(user: User | None, email: str, at: datetime) -> bool:
    """Return whether the person was warned within the year, and nothing has followed since."""
    rows = ConductNotice.objects.of(user, email).filter(made_at__gt=at - WITHIN).order_by("-made_at", "-pk")
    last = rows.first()
    return last is not None and last.kind == NoticeKind.WARNING
