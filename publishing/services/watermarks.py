"""Whether copies of a work carry marks of their buyers: its owner's choice, for copies sold from then on."""

from __future__ import annotations

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from publishing import permissions
from publishing.models import Work
from publishing.services import editions


@transaction.atomic
def set_watermark(*, actor: User, work: Work, is_watermarked: bool) -> Work:
    """Set whether copies sold from now on carry marks; those sold before stay as their buyers were told. Safe to
    repeat."""
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    if is_watermarked == work.is_watermarked:
        return work
    work.is_watermarked = is_watermarked
    work.save(update_fields=["is_watermarked"])
    facts: dict[str, str | int] = {"watermarked": "yes" if is_watermarked else "no"}
    account_services.record_audit(actor=actor, verb="watermark.changed", subject=work, facts=facts)
    editions.announce_change(work)
    return work
