"""The personal data this app holds (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.community.models import (
    CaseOutcome,
    Collapse,
    HelpfulVote,
    Remedy,
    Report,
    Review,
    ReviewCase,
    ReviewFlag,
    ReviewReply,
    ReviewVouch,
    Shelf,
    ShelfBook,
    Standing,
    Stop,
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
        left=_("If you choose so, your texts without your name."),
        file="reviews",
        tables=(
            TableRule(
                Review,
                of=("user",),
                copied=("public_id", "work__title", "stars", "title", "body", "fold", "created_at", "changed_at"),
            ),
            TableRule(
                ReviewReply,
                of=("author",),
                copied=("review__public_id", "body", "created_at", "changed_at"),
            ),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("Which reviews you found helpful, and the standing your own reviews have earned you."),
        purpose=_("So that good reviews come first."),
        kept=_("Until you undo a vote."),
        erasure=Erasure.DELETED,
        file="reviews",
        tables=(
            TableRule(HelpfulVote, of=("user",), copied=("review__public_id", "created_at")),
            TableRule(Standing, of=("user",), copied=("points", "is_curator", "changed_at")),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_(
            "What you flagged, vouched for or reported, and what moderators decided about your texts, books and "
            "shelves."
        ),
        purpose=_("So that decisions can be explained and appealed, and nobody can get around them."),
        kept=_("As long as the book exists."),
        erasure=Erasure.PSEUDONYM,
        left=_(
            "That someone flagged, vouched for or reported something, or that there was a decision, without anything "
            "you wrote."
        ),
        file="reviews",
        tables=(
            TableRule(
                ReviewFlag,
                of=("user",),
                copied=("review__public_id", "rule", "note", "created_at", "closed_at"),
            ),
            TableRule(ReviewVouch, of=("user",), copied=("review__public_id", "created_at", "closed_at")),
            TableRule(
                Report,
                of=("user",),
                names=("right_holder", "name", "email"),
                copied=("case__public_id", "rule", "place", "words", "right_holder", "original", "created_at"),
            ),
            TableRule(
                Stop,
                of=("case__writer",),
                by=("made_by",),
                copied=("case__public_id", "rule", "evidence", "reason", "made_at", "ends_at", "ended_at"),
            ),
            TableRule(
                Collapse,
                of=("case__writer",),
                copied=("case__public_id", "fold", "rule", "made_at", "ended_at", "objection", "objected_at"),
            ),
            TableRule(
                Remedy,
                of=("case__writer",),
                by=("decided_by",),
                copied=("case__public_id", "text", "sent_at", "is_accepted", "reason", "decided_at"),
            ),
            TableRule(
                ReviewCase,
                of=("writer",),
                by=("decided_by", "appeal_decided_by"),
                copied=_CASE,
                copied_if=Q(decided_at__isnull=False) & ~Q(outcome=CaseOutcome.KEEP),  # as permissions.may_see_case
                not_copied=_(
                    "Flags and reports of your texts, books and shelves that led to nothing: this protects the people "
                    "who tell us something."
                ),
            ),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("Your shelves."),
        purpose=_("So that you can find books again, and others can find them."),
        kept=_("Until you delete them."),
        erasure=Erasure.DELETED,
        file="lists",
        tables=(
            TableRule(Shelf, of=("owner",), copied=_SHELF),
            TableRule(
                ShelfBook,
                of=("shelf__owner",),
                copied=("shelf__public_id", "work__title", "position", "reason", "added_at"),
            ),
        ),
    ),
)
