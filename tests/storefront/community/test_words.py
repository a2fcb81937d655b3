"""What pages and emails say of a review, a case and a shelf."""

from __future__ import annotations

from datetime import date

import pytest

from publishing.models import Work
from storefront.community.models import (
    AppealOutcome,
    CaseOutcome,
    CaseState,
    Fold,
    Reported,
    ReportRule,
    Review,
    ReviewCase,
    ReviewReply,
    Shelf,
    Uncounted,
    Visibility,
)
from storefront.community.selectors.cases import about
from storefront.community.selectors.reviews import ReviewCard
from tests.conftest import NOON

KNOWN = dict.fromkeys(
    ("public_id", "writer", "title", "body", "fold", "fold_rule", "uncounted", "replier", "reply"), ""
) | {"points": 0, "is_curator": False, "helpful_count": 0, "day": date(2026, 11, 24)}
KNOWN |= {"stars": 4, "is_verified": True, "is_advance": False, "reply_day": None, "reply_changed_day": None}


def card(**changes) -> ReviewCard:
    return ReviewCard(**(KNOWN | changes))


def test_stars_are_drawn():
    assert card().drawn_stars == "★★★★☆"


@pytest.mark.parametrize(
    ("changes", "heading"),
    [
        ({}, "4 of 5 stars"),
        ({"title": "A light"}, "A light"),
        ({"title": "The keeper did it", "fold": Fold.SPOILER}, "4 of 5 stars"),
        ({"title": "Buy here", "fold": Fold.HIDDEN}, "4 of 5 stars"),
    ],
)
def test_a_collapsed_title_is_no_heading(changes, heading):
    assert card(**changes).heading == heading


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({}, ""),
        ({"is_verified": False}, "returned the book; these stars do not count"),
        ({"is_verified": False, "is_advance": True}, "received a free advance copy; these stars do not count"),
        ({"is_advance": True}, "received a free advance copy and bought the book"),
        (
            {"uncounted": Uncounted.FREE, "is_advance": True},
            "got this copy free or nearly free; these stars do not count",
        ),
        ({"uncounted": Uncounted.FREE}, "got this copy free or nearly free; these stars do not count"),
        ({"uncounted": Uncounted.MAKER}, "is now a contributor to the book; these stars do not count"),
    ],
)
def test_stars_that_do_not_count(changes, note):
    assert card(**changes).uncounted_note == note


def test_only_collapsed_reviews_say_why():
    assert card(fold=Fold.SPOILER).fold_label == "Contains spoilers"
    assert "flagged it" in card(fold=Fold.FLAGGED).fold_label
    assert card(fold=Fold.HIDDEN).fold_label == card().fold_label == ""


DECIDED = {"state": CaseState.DECIDED, "decided_at": NOON, "reason": "It is fine.", "rule": ReportRule.ADULT}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Waiting for a moderator."),
        ({"state": CaseState.CLOSED}, "Its owner has deleted it, so there is nothing left to decide."),
        (DECIDED | {"outcome": CaseOutcome.KEEP}, "No change. Reason: It is fine."),
        (DECIDED | {"outcome": CaseOutcome.ADULT}, f"Marked for adults. Rule: {ReportRule.ADULT.label}."),
        (
            DECIDED | {"outcome": CaseOutcome.ADULT, "appeal_outcome": AppealOutcome.OVERTURNED},
            "Something was changed at first. On appeal, a second person undid the change.",
        ),
    ],
)
def test_outcome_of_a_report(changes, words):
    assert ReviewCase(reported=Reported.BOOK, **changes).report_outcome == words


@pytest.mark.parametrize(
    ("outcome", "begins"),
    [
        (CaseOutcome.OFF_SALE, "Readers who have bought it keep it."),
        (CaseOutcome.ADULT, "It stays on sale"),
        (CaseOutcome.PRIVATE, "You can still see"),
    ],
)
def test_effects(outcome, begins):
    assert str(ReviewCase(outcome=outcome).effects).startswith(begins)


def test_nothing_changes_without_effects():
    assert ReviewCase(outcome=CaseOutcome.KEEP).effects == ReviewCase().effects == ""


def test_about():
    long = "one two three four five six seven eight nine"
    work = Work(title="The Lighthouse")
    assert about(ReviewCase(work=work, reported=Reported.BOOK)) == "Book, 0 reports"
    assert about(ReviewCase(work=work, review=Review(title="A light", body=long))) == "A light"
    assert about(ReviewCase(work=work, review=Review(body=long))) == "one two three four five six seven eight …"
    assert about(ReviewCase(work=work, review=Review())) == "—"
    assert about(ReviewCase(work=work, is_reply=True, reply=ReviewReply(body="Thank you"))) == "Reply: Thank you"
    assert about(ReviewCase(work=work)) == ""


def test_note_of_a_shelf():
    assert Shelf(books_count=1).note == "1 book"
    assert Shelf(books_count=2, visibility=Visibility.UNLISTED).note == "2 books, unlisted"
    hidden = Shelf(books_count=0, visibility=Visibility.UNLISTED, is_hidden=True)
    assert hidden.note == "0 books, unlisted, hidden by a moderator"
