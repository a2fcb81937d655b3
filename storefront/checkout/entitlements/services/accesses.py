"""Notes when and from where a purchased book was opened; forgets from where after a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from publishing.models import Work
from storefront.checkout.models import AccessKind, AccessRecord, Entitlement

# Banks take disputes for 120 days, some networks longer; then the address proves nothing any more.
_ADDRESS_LASTS = timedelta(days=180)


def note_download(*, actor: User, work: Work, detail: str, address: str | None, at: datetime) -> None:
    """One download by a buyer. Makers, who read without buying, leave no trace."""
    entitlement = _entitlement(actor, work)
    if entitlement is not None:
        AccessRecord.objects.create(
            entitlement=entitlement,
            kind=AccessKind.DOWNLOAD,
            detail=detail[:120],
            address=address,
            at=at,
            day=at.date(),
        )


def note_reading(*, actor: User, work: Work, detail: str, fraction_bps: int, address: str | None, at: datetime) -> None:
    """A day on which a buyer read in the browser, once; and how far they came, when it is further than before."""
    entitlement = _entitlement(actor, work)
    if entitlement is None:
        return
    AccessRecord.objects.get_or_create(
        entitlement=entitlement,
        kind=AccessKind.READ,
        day=at.date(),
        defaults={"detail": detail[:120], "address": address, "at": at},
    )
    if entitlement.furthest_bps < fraction_bps:
        # Another device may have come further since we looked.
        lower = Entitlement.objects.filter(pk=entitlement.pk, furthest_bps__lt=fraction_bps)
        lower.update(furthest_bps=fraction_bps)


def forget_addresses(*, at: datetime) -> int:
    """Drop addresses that are too old to be evidence; returns how many."""
    return AccessRecord.objects.filter(at__lt=at - _ADDRESS_LASTS, address__isnull=False).update(address=None)


def _entitlement(actor: User, work: Work) -> Entitlement | None:
    return Entitlement.objects.filter(user=actor, work=work, ended_at=None).first()
