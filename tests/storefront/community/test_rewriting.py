"""A review that is withdrawn and written anew, or changed while a moderator reads it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from storefront.community.errors import SubjectTextChanged
from storefront.community.models import AppealOutcome, CaseOutcome, CaseState, FlagRule, Fold, ReviewCase
from storefront.community.services import review_flags, reviews
from tests.conftest import NOON
from tests.factories.accounts import make_moderator
from tests.factories.trust import make_review, make_standing
from tests.storefront.community.cases import appeal, decide, decide_again, flag, fold_of

pytestmark = pytest.mark.django_db


def rewrite(review, body="Other words."):
    """Withdraw the review and write another one."""
    reviews.withdraw_review(actor=review.user, work=review.work)
    return reviews.write_review(actor=review.user, work=review.work, stars=5, title="", body=body, at=clock.now())


class TestRewritten:
    """Nothing is got rid of by withdrawing a review and writing another."""

    def test_open_flags_fold_the_next_one_and_the_case_goes_on(self):
        review, people = make_review(), [make_standing(3) for _ in range(3)]
        for one in people:
            flag(review, one)
        case = review.cases.get()
        again = rewrite(review)
        assert fold_of(again) == (Fold.FLAGGED, FlagRule.SPAM)
        assert (ReviewCase.objects.get(), ReviewCase.objects.get().state) == (case, CaseState.OPEN)
        assert {row.user for row in again.flags.all()} == set(people)
        review_flags.take_back_flag(actor=people[0], review=again)
        assert fold_of(again) == (Fold.NONE, "")

    def test_twice_as_well(self):
        review = make_review()
        for _ in range(3):
            flag(review)
        again = rewrite(rewrite(review))
        assert (fold_of(again)[0], again.flags.count(), again.cases.count()) == (Fold.FLAGGED, 3, 1)

    def test_vouches_were_for_the_words_of_before(self):
        review = make_review()
        for _ in range(3):
            flag(review)
        review_flags.vouch(actor=make_standing(5), review=review, at=NOON)
        assert fold_of(rewrite(review))[0] == Fold.FLAGGED

    def test_a_decision_about_spoilers_holds(self):
        review = make_review()
        flag(review, rule=FlagRule.SPOILER)
        case = decide(review.cases.get(), CaseOutcome.SPOILER, FlagRule.SPOILER)
        again = rewrite(review)
        assert fold_of(again) == (Fold.SPOILER, FlagRule.SPOILER)
        decide_again(appeal(case), AppealOutcome.OVERTURNED)
        assert fold_of(again) == (Fold.NONE, "")

    def test_nothing_holds_that_was_undone_taken_back_or_decided_for_the_writer(self):
        review, reader = make_review(), make_standing(3)
        flag(review)
        decide(review.cases.get(), CaseOutcome.KEEP, None)
        flag(review, reader)
        review_flags.take_back_flag(actor=reader, review=review)
        again = rewrite(review)
        assert (fold_of(again), again.flags.count()) == ((Fold.NONE, ""), 0)
        assert not again.cases.filter(state=CaseState.OPEN).exists()

    def test_nobody_elses_reviews_are_touched(self):
        review = make_review()
        for _ in range(3):
            flag(review)
        other = make_review(edition=review.work.editions.get())
        reviews.withdraw_review(actor=review.user, work=review.work)
        again = rewrite(other)
        assert (fold_of(again), again.cases.count()) == ((Fold.NONE, ""), 0)

    def test_while_withdrawn_nobody_is_asked_to_decide(self, client, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        review = make_review(title="Buy my pills")
        flag(review)
        reviews.withdraw_review(actor=review.user, work=review.work)
        client.force_login(make_moderator())
        case = ReviewCase.objects.get()
        assert case.public_id not in client.get(reverse("community:moderation-cases")).content.decode()
        assert client.get(reverse("community:moderation-case", args=[case.public_id])).status_code == 200


class TestChangedMeanwhile:
    def test_a_decision_about_other_words_is_refused(self):
        review = make_review()
        flag(review)
        case, version = review.cases.get(), review.version
        with clock.frozen(NOON + timedelta(minutes=1)):
            reviews.write_review(actor=review.user, work=review.work, stars=1, title="", body="New", at=clock.now())
        with pytest.raises(SubjectTextChanged):
            decide(case, CaseOutcome.KEEP, None, version=version)
        assert decide(case).words == "New"

    def test_of_an_appeal_too_also_when_the_review_was_withdrawn(self):
        review = make_review()
        flag(review, rule=FlagRule.SPOILER)
        case = appeal(decide(review.cases.get(), CaseOutcome.SPOILER, FlagRule.SPOILER))
        version = review.version
        reviews.withdraw_review(actor=review.user, work=review.work)
        with pytest.raises(SubjectTextChanged):
            decide_again(case, AppealOutcome.OVERTURNED, version=version)
        decide_again(case, AppealOutcome.OVERTURNED, version="")

    def test_the_page_shows_the_new_words_and_keeps_what_was_typed(self, client, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        review = make_review(title="Buy my pills")
        flag(review)
        address = reverse("community:moderation-case", args=[review.cases.get().public_id])
        client.force_login(make_moderator())
        given = {"outcome": "hide", "rule": "spam", "reason": "An address.", "seen": _seen_on(client.get(address))}
        with clock.frozen(NOON + timedelta(minutes=1)):
            reviews.write_review(actor=review.user, work=review.work, stars=4, title="Sorry", body="", at=clock.now())
        answer = client.post(address, given)
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "The writer has changed the text" in text
        assert "Sorry" in text and "An address." in text
        assert fold_of(review) == (Fold.NONE, "")
        client.post(address, {**given, "seen": _seen_on(answer)})
        assert fold_of(review)[0] == Fold.HIDDEN


def _seen_on(page):
    return re.search(r'name="seen" value="([^"]*)"', page.content.decode())[1]
