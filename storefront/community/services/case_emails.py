"""Emails to owners about emergency stops and about what they have mended, each sent once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.emails import send
from storefront.community.models import Remedy, Stop
from storefront.community.selectors import cases


@transaction.atomic
def mail_stop(*, stop_id: int) -> bool:
    """Email the owner that a moderator stopped it for 72 hours, and why; return whether an email was sent now."""
    rows = Stop.objects.select_for_update(of=("self",)).select_related("case__writer", "case__work", "case__shelf")
    found = rows.get(pk=stop_id)
    if not cases.stops_to_mail().filter(pk=stop_id).exists():
        return False
    case = found.case
    with regions.active(case.writer.region):
        subject = _("Stopped for 72 hours: “%(title)s”") % {"title": case.name}
        send("case_stopped", subject, case.writer.email, {"stop": found, "case": case})
    found.told_at = clock.now()
    found.save(update_fields=["told_at"])
    return True


@transaction.atomic
def mail_remedy(*, remedy_id: int) -> bool:
    """Email the owner what was decided about what they have mended; return whether an email was sent now."""
    rows = Remedy.objects.select_for_update(of=("self",)).select_related("case__writer", "case__work", "case__shelf")
    found = rows.get(pk=remedy_id)
    if not cases.remedies_to_mail().filter(pk=remedy_id).exists():
        return False
    case = found.case
    with regions.active(case.writer.region):
        subject = _("A moderator has looked at what you have mended")
        send("remedy_decided", subject, case.writer.email, {"remedy": found, "case": case})
    found.told_at = clock.now()
    found.save(update_fields=["told_at"])
    return True
