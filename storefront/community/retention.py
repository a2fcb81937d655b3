"""What this app holds of people (accounts/schedule.py)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.schedule import Area, Erasure, Held, Rule
from storefront.community.models import (
    CaseOutcome,
    HelpfulVote,
    Report,
    Review,
    ReviewCase,
    ReviewFlag,
    ReviewReply,
    ReviewVouch,
    Shelf,
    ShelfBook,
    Standing,
)

_CASE = (
    "public_id",
    "work__title",
    "state",
    "words",
    "rule",
    "outcome",
    "evidence",
    "reason",
    "decided_at",
    "appeal",
    "appealed_at",
    "appeal_outcome",
    "appeal_reason",
)
_SHELF = ("public_id", "title", "description", "visibility", "slug", "created_at", "changed_at")


RULES = (
    Rule(
        area=Area.COMMUNITY,
        holds=_("Your reviews, and your replies to reviews of your books."),
        purpose=_("So that others can read them."),
        kept=_("Until you withdraw them."),
        erasure=Erasure.DELETED,
        left=_("If you say so, your words without your name."),
        file="reviews",
        tables=(
            Held(
                Review,
                of=("user",),
                copied=("public_id", "work__title", "stars", "title", "body", "fold", "created_at", "changed_at"),
            ),
            Held(
                ReviewReply,
                of=("author",),
                copied=("review__public_id", "body", "created_at", "changed_at"),
            ),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("Which reviews you found helpful, and the standing that yours have earned you."),
        purpose=_("So that good reviews stand first."),
        kept=_("Until you take a vote back."),
        erasure=Erasure.DELETED,
        file="reviews",
        tables=(
            Held(HelpfulVote, of=("user",), copied=("review__public_id", "created_at")),
            Held(Standing, of=("user",), copied=("points", "is_curator", "changed_at")),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_(
            "What you flagged, vouched for or reported, and what moderators decided about your words, books and "
            "shelves."
        ),
        purpose=_("So that decisions can be explained, appealed against, and not got around."),
        kept=_("As long as the work."),
        erasure=Erasure.PSEUDONYM,
        left=_("That there was a flag, a voucher, a report or a decision, without words of yours."),
        file="reviews",
        tables=(
            Held(
                ReviewFlag,
                of=("user",),
                copied=("review__public_id", "rule", "note", "created_at", "closed_at"),
            ),
            Held(ReviewVouch, of=("user",), copied=("review__public_id", "created_at", "closed_at")),
            Held(
                Report,
                of=("user",),
                names=("right_holder",),
                copied=("case__public_id", "rule", "words", "right_holder", "original", "created_at"),
            ),
            Held(
                ReviewCase,
                of=("writer",),
                by=("decided_by", "appeal_decided_by"),
                copied=_CASE,
                copied_if=Q(decided_at__isnull=False) & ~Q(outcome=CaseOutcome.KEEP),  # as permissions.may_see_case
                not_copied=_(
                    "Flags and reports of your words, books and shelves from which nothing has followed: those who "
                    "tell us something are to be safe."
                ),
            ),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("Your shelves."),
        purpose=_("So that you find books again, and others find them."),
        kept=_("Until you delete them."),
        erasure=Erasure.DELETED,
        file="lists",
        tables=(
            Held(Shelf, of=("owner",), copied=_SHELF),
            Held(
                ShelfBook,
                of=("shelf__owner",),
                copied=("shelf__public_id", "work__title", "position", "reason", "added_at"),
            ),
        ),
    ),
)
