"""Advance copies that a reader reports: a moderator decides by the rules, and an appeal gives them again."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from storefront.advance_copies import permissions
from storefront.advance_copies.models import Offer
from storefront.community import reportables
from storefront.community.models import Reported

_WORDS = reportables.Words(
    form_title=_("Report the advance copies of “%(title)s”"),
    page_title=_("The advance copies of “%(title)s”"),
    heading=_("A decision about your advance copies"),
    opening=_(
        "The advance copies that you give of “%(title)s” were reported, and a moderator has made a decision about them."
    ),
    appeal_opening=_(
        "You appealed against a decision about your advance copies of “%(title)s”. A second person has looked at them."
    ),
    told_reporter=_("On %(day)s you reported the advance copies of “%(title)s”. A moderator has looked at them."),
    effects=_(
        "Nobody can read an advance copy of this book while the decision is in force, and you can give no others of it."
    ),
)


def register() -> None:
    """Let readers report advance copies. Called once, when the app is ready."""
    kind = reportables.Kind(
        words=_WORDS, find=_find, lock=_lock, may_report=permissions.may_report, set_hidden=_set_hidden
    )
    reportables.register(Reported.ADVANCE_COPIES, kind)


def _find(public_id: str) -> reportables.Thing | None:
    offer = Offer.objects.select_related("work__owner").filter(public_id=public_id).first()
    if offer is None:
        return None
    return reportables.Thing(offer.work.owner, str(offer.work), f"{offer.work}\n\n{offer.note}", offer.is_hidden)


def _lock(public_id: str) -> Offer | None:
    return Offer.objects.select_for_update().filter(public_id=public_id).first()


def _set_hidden(public_id: str, is_hidden: bool, at: datetime) -> None:
    Offer.objects.filter(public_id=public_id).update(is_hidden=is_hidden)
