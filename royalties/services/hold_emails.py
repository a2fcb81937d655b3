"""Emails about held money: the statement of reasons of each hold, and what was decided about a complaint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.emails import enqueue
from common.templatetags.money import day
from royalties import permissions
from royalties.models import HoldNotice
from royalties.selectors import hold_reasons


@transaction.atomic
def tell_hold(*, hold_notice_id: int) -> None:
    """Email the person what they have not been told of a hold; nothing about one that was over before the email."""
    rows = HoldNotice.objects.select_for_update(of=("self",)).select_related("user")
    notice = rows.filter(pk=hold_notice_id).first()
    if notice is None:
        return
    at = clock.database_now()
    with regions.active(notice.user.region):
        if notice.told_at is None:
            notice.told_at = at
            if notice.is_in_force(at):
                _send(notice, _("Some of your money is on hold"), _placed(notice, at))
        if notice.decided_at is not None and notice.outcome_told_at is None:
            notice.outcome_told_at = at
            _send(notice, _("Your complaint has been decided"), _decided(notice))
    notice.save(update_fields=["told_at", "outcome_told_at"])


def _placed(notice: HoldNotice, at: datetime) -> dict[str, Any]:
    return {
        "opening": _("We hold the following. It stays yours. This is why:"),
        "rows": hold_reasons.statement_of(hold_reasons.notice_of(notice.public_id), at),
        "closing": _("If you think this is a mistake, complain on the page below until %(day)s. Someone else decides.")
        % {"day": day(permissions.complain_until(notice, at))},
    }


def _decided(notice: HoldNotice) -> dict[str, Any]:
    return {
        "opening": _("Somebody who did not place the hold has looked at your complaint."),
        "rows": [(_("Decision"), notice.get_outcome_display()), (_("Reason"), notice.answer)],
    }


def _send(notice: HoldNotice, subject: str, letter: dict[str, Any]) -> None:
    if not notice.user.mail_to:
        return
    context = {"letter": {"subject": subject, **letter}, "address": reverse("earnings-hold", args=[notice.public_id])}
    enqueue("due_process", subject, notice.user.mail_to, context)
