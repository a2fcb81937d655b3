"""Chapters in progress that a reader reports: a moderator decides by the rules, and an appeal shows them again."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from storefront.community import reportables
from storefront.community.models import Reported
from storefront.in_progress import permissions, selectors
from storefront.in_progress.models import Showing

_WORDS = reportables.Words(
    form_title=_("Report the chapters in progress of “%(title)s”"),
    page_title=_("The chapters in progress of “%(title)s”"),
    heading=_("A decision about your chapters in progress"),
    opening=_(
        "The chapters in progress that you show of “%(title)s” were reported, and a moderator has made a decision "
        "about them."
    ),
    appeal_opening=_(
        "You appealed against a decision about your chapters in progress of “%(title)s”. A second person has looked at "
        "them."
    ),
    told_reporter=_("On %(day)s you reported the chapters in progress of “%(title)s”. A moderator has looked at them."),
    effects=_(
        "Nobody else sees the chapters while the decision is in force, and no others of this book can be shown. You "
        "can go on writing, and invite early readers."
    ),
)


def register() -> None:
    """Let readers report chapters in progress. Called once, when the app is ready."""
    kind = reportables.Kind(
        words=_WORDS,
        find=_find,
        lock=_lock,
        may_report=permissions.may_report,
        set_hidden=_set_hidden,
        is_public=True,
    )
    reportables.register(Reported.IN_PROGRESS, kind)


def _find(public_id: str) -> reportables.Thing | None:
    showing = Showing.objects.select_related("work__owner").filter(public_id=public_id).first()
    if showing is None:
        return None
    is_public = Showing.objects.public().filter(pk=showing.pk).exists()
    address = reverse("in_progress:shown", args=[public_id]) if is_public else ""
    words = selectors.words_of(showing)
    return reportables.Thing(showing.work.owner, str(showing.work), words, showing.is_hidden, address)


def _lock(public_id: str) -> Showing | None:
    return Showing.objects.select_for_update().filter(public_id=public_id).first()


def _set_hidden(public_id: str, is_hidden: bool, at: datetime) -> None:
    Showing.objects.filter(public_id=public_id).update(is_hidden=is_hidden)
