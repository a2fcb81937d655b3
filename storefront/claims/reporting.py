"""The case in which a moderator decides a claim: decided by rule and evidence like all cases, on pages of its own."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Visitor
from storefront.claims import permissions
from storefront.claims.models import Claim
from storefront.community import reportables
from storefront.community.models import Reported

_WORDS = reportables.Words(
    form_title=_("Claim words of “%(title)s”"),
    page_title=_("The claim on “%(title)s”"),
    heading=_("A decision about a claim on your book"),
    opening=_("A moderator has decided the claim on your book “%(title)s”."),
    appeal_opening=_("A second person has decided the appeal about the claim on “%(title)s”."),
    told_reporter=_("On %(day)s you claimed words of “%(title)s”. A moderator has decided."),
    effects="",
)
_RELATED = ("work__owner", "original__owner", "user", "case")


def register() -> None:
    """Let moderators decide claims in cases. Called once, when the app is ready."""
    kind = reportables.Kind(
        words=_WORDS,
        find=_find,
        lock=_lock,
        may_report=_may_report,
        set_hidden=_set_hidden,
        page=_page,
        may_decide=_may_decide,
    )
    reportables.register(Reported.CLAIM, kind)


def _claim(public_id: str) -> Claim | None:
    return Claim.objects.select_related(*_RELATED).filter(public_id=public_id).first()


def _find(public_id: str) -> reportables.Thing | None:
    claim = _claim(public_id)
    if claim is None:
        return None
    parts = [claim.work.title, claim.original_title, claim.original_place, claim.words]
    parts += [f"{passage.here.chapter}: {passage.words}" for passage in claim.passages]
    parts += [claim.get_answer_display() if claim.answer else "", claim.answer_words, claim.evidence]
    parts += [appeal.words for appeal in claim.appeals.all()]
    return reportables.Thing(claim.work.owner, claim.work.title, "\n\n".join(filter(None, parts)), is_hidden=False)


def _lock(public_id: str) -> Claim | None:
    return Claim.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()


def _may_report(user: Visitor, public_id: str) -> bool:
    """Nobody reports a claim: its two sides answer it."""
    return False


def _set_hidden(public_id: str, is_hidden: bool, at: datetime) -> None:
    """A claim is never shown to others, so there is nothing to hide."""


def _page(public_id: str) -> str:
    return reverse("claims:moderation-claim", args=[public_id])


def _may_decide(user: User, public_id: str) -> bool:
    claim = _claim(public_id)
    return claim is not None and permissions.may_moderate(user, claim)
