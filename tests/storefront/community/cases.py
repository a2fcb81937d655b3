"""What readers, moderators and writers do around a case, in one word each."""

from __future__ import annotations

from storefront.community.models import CaseOutcome, CaseState, FlagRule, Review
from storefront.community.services import moderation, review_flags
from tests.conftest import NOON
from tests.factories.accounts import make_moderator
from tests.factories.trust import make_review, make_standing


def flag(review, user=None, rule=FlagRule.SPAM):
    return review_flags.flag_review(actor=user or make_standing(3), review=review, rule=rule, note="", at=NOON)


def fold_of(review):
    review.refresh_from_db()
    return review.fold, review.fold_rule


def seen(case):
    """What a moderator has before them who opens the page now."""
    review = Review.objects.filter(cases=case).first()
    return review.version if review else ""


def decide(case, outcome=CaseOutcome.HIDE, rule=FlagRule.SPAM, *, actor=None, reason="It is an address.", version=None):
    given = {"outcome": outcome, "rule": rule, "reason": reason, "seen": seen(case) if version is None else version}
    return moderation.decide(actor=actor or make_moderator(), case=case, at=NOON, **given)


def appeal(case):
    return moderation.appeal(actor=case.writer, case=case, text="It is a poem.", at=NOON)


def decide_again(case, outcome, actor=None, version=None):
    given = {"outcome": outcome, "reason": "I have looked.", "seen": seen(case) if version is None else version}
    return moderation.decide_appeal(actor=actor or make_moderator(), case=case, at=NOON, **given)


def hidden(review=None):
    review = review or make_review()
    flag(review)
    return review, decide(review.cases.get(state=CaseState.OPEN))
