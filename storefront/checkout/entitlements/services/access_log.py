"""Records when and from which IP address a purchased book was opened; deletes the address after a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from publishing.models import Work
from storefront.checkout.models import AccessKind, AccessRecord, Entitlement

# Banks accept disputes for 120 days, some networks longer; after that the address is no longer needed as evidence.
_ADDRESS_LASTS = timedelta(days=180)


def record_download(*, actor: User, work: Work, detail: str, address: str | None, at: datetime) -> None:
    """Record one download by a buyer. Makers, who read without buying, are not recorded."""
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


def record_reading(
    *, actor: User, work: Work, detail: str, fraction_bps: int, address: str | None, at: datetime
) -> None:
    """Record a day on which a buyer read in the browser, once; and how far they read, if further than before."""
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
        # Another device may have got further since we checked.
        lower = Entitlement.objects.filter(pk=entitlement.pk, furthest_bps__lt=fraction_bps)
        lower.update(furthest_bps=fraction_bps)


def forget_addresses(*, at: datetime) -> int:
    """Delete addresses that are too old to be evidence; return how many."""
    return AccessRecord.objects.filter(at__lt=at - _ADDRESS_LASTS, address__isnull=False).update(address=None)


def _entitlement(actor: User, work: Work) -> Entitlement | None:
    return Entitlement.objects.filter(user=actor, work=work, ended_at=None).first()
