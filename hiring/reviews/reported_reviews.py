"""Reviews and answers that somebody reports: a moderator hides one by the shop's rules, an appeal shows it again.

An answer is a part of its review's row, so it is named by the review's public id and a suffix.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Visitor
from common import clock
from hiring.reviews import permissions
from hiring.reviews.models import ContractReview
from storefront.community import reportables
from storefront.community.models import Reported

_WORDS = reportables.Words(
    form_title=_("Report what was said of a contract"),
    page_title=_("What was said of %(title)s"),
    heading=_("A decision about what you said of a contract"),
    opening=_("What you said of %(title)s was reported, and a moderator has made a decision about it."),
    appeal_opening=_(
        "You appealed against a decision about what you said of %(title)s. A second person has looked at it."
    ),
    told_reporter=_("On %(day)s you reported what was said of %(title)s. A moderator has looked at it."),
    effects=_(
        "Nobody reads it while the decision is in force, and its stars do not count. The contract is not affected."
    ),
)
_ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class _Said:
    """A review, or the answer to it."""

    review: ContractReview
    is_answer: bool

    @property
    def author(self) -> User:
        return self.review.about if self.is_answer else self.review.author

    @property
    def words(self) -> str:
        return self.review.answer if self.is_answer else f"{self.review.drawn_stars}\n\n{self.review.body}".strip()

    @property
    def column(self) -> str:
        return "answer_hidden_at" if self.is_answer else "hidden_at"

    @property
    def is_hidden(self) -> bool:
        return getattr(self.review, self.column) is not None


def register() -> None:
    """Let members report reviews. Called once, when the app is ready."""
    kind = reportables.Kind(words=_WORDS, find=_find, lock=_lock, may_report=_may_report, set_hidden=_set_hidden)
    reportables.register(Reported.CONTRACT_REVIEW, kind)


def _said(thing_id: str) -> _Said | None:
    public_id, dash, part = thing_id.partition("-")
    if dash and part != _ANSWER:
        return None
    rows = ContractReview.objects.select_related("author", "about", "contract")
    found = rows.filter(public_id=public_id).first()
    if found is None or (dash and not found.answer):
        return None
    return _Said(found, bool(dash))


def _find(thing_id: str) -> reportables.Thing | None:
    said = _said(thing_id)
    if said is None:
        return None
    about = said.review.about
    page = reverse("offers:person", args=[about.public_id]) if said.review.is_by_client else ""
    return reportables.Thing(
        said.author, str(said.review.contract.get_kind_display()), said.words, said.is_hidden, page
    )


def _lock(thing_id: str) -> ContractReview | None:
    return ContractReview.objects.select_for_update().filter(public_id=thing_id.partition("-")[0]).first()


def _may_report(user: Visitor, thing_id: str) -> bool:
    said = _said(thing_id)
    return (
        isinstance(user, User)
        and said is not None
        and not said.is_hidden
        and permissions.may_read(user, said.review, clock.now())
    )


def _set_hidden(thing_id: str, is_hidden: bool, at: datetime) -> None:
    said = _said(thing_id)
    if said is not None and said.is_hidden != is_hidden:
        ContractReview.objects.filter(pk=said.review.pk).update(**{said.column: at if is_hidden else None})
