"""Flags fold, vouches unfold, moderators decide, writers are told and appeal, and somebody else looks again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEntry
from common import clock
from storefront.catalogue.models import Listing
from storefront.community import standing_rules
from storefront.community.errors import CaseDecided, ReasonMissing, ReviewHidden
from storefront.community.models import (
    AppealOutcome,
    CaseOutcome,
    CaseState,
    FlagRule,
    Fold,
    Review,
    ReviewCase,
    ReviewFlag,
)
from storefront.community.services import moderation, retry_stuck, review_emails, review_flags, reviews
from storefront.community.services.moderation import CaseNotYours
from storefront.community.services.review_flags import FlagNotAllowed, VouchNotAllowed
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_moderator, make_operator, make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_review, make_standing
from tests.storefront.community.cases import appeal, decide, decide_again, flag, fold_of, hidden

pytestmark = pytest.mark.django_db


class TestFlags:
    def test_those_of_standing_fold_at_the_threshold(self):
        review = make_review()
        flag(review)
        flag(review)
        assert fold_of(review) == (Fold.NONE, "")
        flag(review, rule=FlagRule.ABUSE)
        assert fold_of(review) == (Fold.FLAGGED, FlagRule.SPAM)

    def test_no_single_person_folds(self):
        assert max(standing_rules.flag_weight(points) for points in range(1000)) < standing_rules.FOLD_AT

    def test_a_hundred_newcomers_tell_the_moderators_and_fold_nothing(self):
        review = make_review()
        for _ in range(10):
            flag(review, make_reader())
        assert fold_of(review) == (Fold.NONE, "")
        assert review.cases.get().state == CaseState.OPEN

    def test_makers_of_the_book_weigh_nothing(self):
        edition = make_published_edition(owner=make_standing(50, user=make_author()))
        assert flag(make_review(edition=edition), edition.work.owner).weight == 0

    def test_a_person_flags_once(self):
        review, reader = make_review(), make_standing(50)
        for _ in range(5):
            flag(review, reader)
        assert ReviewFlag.objects.count() == 1
        assert fold_of(review) == (Fold.NONE, "")

    def test_refuses_the_writer(self):
        review = make_review()
        with pytest.raises(FlagNotAllowed):
            flag(review, review.user)

    def test_spoilers_fold_behind_a_word_about_spoilers_only(self, client):
        review = make_review(title="The keeper did it", edition=make_published_edition(slug="the-lamp"))
        for _ in range(3):
            flag(review, rule=FlagRule.SPOILER)
        assert fold_of(review) == (Fold.SPOILER, FlagRule.SPOILER)
        text = client.get("/books/the-lamp/").content.decode()
        assert "<summary>Contains spoilers</summary>" in text
        assert text.index("Contains spoilers") < text.index("The keeper did it")

    def test_folded_is_not_deleted_and_says_why(self, client):
        review = make_review(title="Buy my pills", edition=make_published_edition(slug="the-lamp"))
        for _ in range(3):
            flag(review)
        text = client.get("/books/the-lamp/").content.decode()
        told = "Collapsed by a machine because readers flagged it: Advertising or spam. A moderator will look at it."
        assert told in text
        assert text.index("<summary>Collapsed") < text.index("Buy my pills")

    def test_until_a_moderator_decides_the_stars_count(self):
        review = make_review(stars=5)
        reviews.write_review(actor=review.user, work=review.work, stars=5, title="", body="", at=NOON)
        for _ in range(3):
            flag(review)
        assert Listing.objects.get(work=review.work).rating_count == 1

    def test_taken_back_it_weighs_no_more_and_an_empty_case_closes(self):
        review, people = make_review(), [make_standing(3) for _ in range(3)]
        for one in people:
            flag(review, one)
        for one in people:
            review_flags.take_back_flag(actor=one, review=review)
        assert fold_of(review) == (Fold.NONE, "")
        assert review.cases.get().state == CaseState.CLOSED


class TestVouches:
    @pytest.fixture
    def review(self):
        review = make_review()
        for _ in range(3):
            flag(review)
        return review

    def test_unfold(self, review):
        review_flags.vouch(actor=make_standing(5), review=review, at=NOON)
        assert fold_of(review) == (Fold.NONE, "")

    def test_further_flags_fold_again(self, review):
        review_flags.vouch(actor=make_standing(5), review=review, at=NOON)
        flag(review)
        assert fold_of(review)[0] == Fold.FLAGGED

    def test_refuse_newcomers_the_writer_makers_and_who_flagged(self, review):
        flagger = review.flags.first().user
        make_standing(50, user=flagger)
        make_standing(50, user=review.user)
        make_standing(50, user=review.work.owner)
        for one in (make_standing(4), flagger, review.user, review.work.owner):
            with pytest.raises(VouchNotAllowed):
                review_flags.vouch(actor=one, review=review, at=NOON)

    def test_refuse_what_is_not_folded(self):
        with pytest.raises(VouchNotAllowed):
            review_flags.vouch(actor=make_standing(50), review=make_review(), at=NOON)


class TestDecide:
    def test_hiding_takes_the_review_off_the_page_and_out_of_the_rating(self, client):
        review = make_review(title="Buy my pills", edition=make_published_edition(slug="the-lamp"))
        hidden(review)
        assert b"Buy my pills" not in client.get("/books/the-lamp/").content
        assert b"Buy my pills" not in client.get("/books/the-lamp/reviews/").content
        assert Listing.objects.get(work=review.work).rating_count == 0

    def test_keeping_unfolds_and_closes_the_flags(self):
        review = make_review()
        people = [make_standing(3) for _ in range(3)]
        for one in people:
            flag(review, one)
        decide(review.cases.get(), CaseOutcome.KEEP, None)
        assert fold_of(review) == (Fold.NONE, "")
        flag(review, people[0])  # said before, decided before
        assert not review.cases.filter(state=CaseState.OPEN).exists()

    def test_as_a_spoiler_it_stays_folded_whatever_comes(self):
        review = make_review()
        flag(review, rule=FlagRule.SPOILER)
        decide(review.cases.get(), CaseOutcome.SPOILER, FlagRule.SPOILER)
        assert fold_of(review) == (Fold.SPOILER, FlagRule.SPOILER)
        with pytest.raises(VouchNotAllowed):
            review_flags.vouch(actor=make_standing(50), review=review, at=NOON)

    def test_is_logged_with_rule_and_without_words(self):
        _review, case = hidden()
        entry = AuditEntry.objects.get(verb="review_case.decided")
        assert (entry.subject_id, entry.facts) == (case.public_id, {"outcome": "hide", "rule": "spam"})

    @pytest.mark.parametrize("part", ["writer", "maker", "flagger", "voucher", "nobody"])
    def test_refuses_who_has_a_part_in_it(self, part):
        review = make_review(edition=make_published_edition(owner=make_author()))
        for _ in range(3):
            flag(review)
        people = {
            "writer": review.user,
            "maker": review.work.owner,
            "flagger": review.flags.first().user,
            "voucher": make_standing(5),
            "nobody": make_reader(),
        }
        person = people[part]
        if part == "voucher":
            review_flags.vouch(actor=person, review=review, at=NOON)
        if part != "nobody":
            person.is_moderator = True
            person.save()
        with pytest.raises(CaseNotYours):
            decide(review.cases.get(), actor=person)

    def test_refuses_a_second_decision_a_missing_rule_and_a_missing_reason(self):
        review = make_review()
        flag(review)
        case = review.cases.get()
        with pytest.raises(ReasonMissing):
            decide(case, reason="  ")
        with pytest.raises(ReasonMissing):
            decide(case, rule=None)
        decide(case)
        with pytest.raises(CaseDecided):
            decide(case, CaseOutcome.KEEP)

    def test_a_hidden_review_can_neither_be_rewritten_nor_withdrawn(self):
        review, _case = hidden()
        with pytest.raises(ReviewHidden):
            reviews.write_review(actor=review.user, work=review.work, stars=5, title="New", body="", at=NOON)
        with pytest.raises(ReviewHidden):
            reviews.withdraw_review(actor=review.user, work=review.work)

    def test_a_review_withdrawn_meanwhile_closes_its_case(self):
        review = make_review()
        flag(review)
        reviews.withdraw_review(actor=review.user, work=review.work)
        case = ReviewCase.objects.get()
        assert (case.review, case.state) == (None, CaseState.CLOSED)
        with pytest.raises(CaseDecided):
            decide(case)


class TestAppeal:
    def test_upheld_the_rule_shown_is_that_of_the_decision_in_force(self):
        review = make_review()
        flag(review, rule=FlagRule.SPOILER)
        first = decide(review.cases.get(), CaseOutcome.SPOILER, FlagRule.SPOILER)
        flag(review, rule=FlagRule.ABUSE)
        second = decide(review.cases.get(state=CaseState.OPEN), rule=FlagRule.ABUSE)
        decide_again(appeal(first), AppealOutcome.UPHELD)
        assert fold_of(review) == (Fold.HIDDEN, FlagRule.ABUSE)
        decide_again(appeal(second), AppealOutcome.OVERTURNED)
        assert fold_of(review) == (Fold.SPOILER, FlagRule.SPOILER)

    def test_overturned_the_review_is_back_with_its_stars(self):
        review, case = hidden()
        decide_again(appeal(case), AppealOutcome.OVERTURNED)
        assert fold_of(review) == (Fold.NONE, "")
        assert Listing.objects.get(work=review.work).rating_count == 1

    def test_upheld_it_stays_hidden_and_there_is_no_third_look(self):
        review, case = hidden()
        case = decide_again(appeal(case), AppealOutcome.UPHELD)
        assert fold_of(review)[0] == Fold.HIDDEN
        with pytest.raises(CaseNotYours):
            appeal(case)

    def test_refuses_whoever_decided_before(self):
        _review, case = hidden()
        case = appeal(case)
        with pytest.raises(CaseNotYours):
            decide_again(case, AppealOutcome.OVERTURNED, case.decided_by)

    def test_the_database_refuses_it_too(self):
        _review, case = hidden()
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewCase.objects.filter(pk=case.pk).update(appeal_decided_by=case.decided_by_id)

    def test_an_operator_may_be_the_second_person(self):
        _review, case = hidden()
        assert decide_again(appeal(case), AppealOutcome.OVERTURNED, make_operator()).state == CaseState.CLOSED

    def test_is_the_writers_alone(self):
        _review, case = hidden()
        with pytest.raises(CaseNotYours):
            moderation.appeal(actor=make_reader(), case=case, text="No.", at=NOON)

    def test_six_months_are_enough(self):
        review, case = hidden()
        told_at = NOON + timedelta(days=2)  # they count from then, not from the decision
        ReviewCase.objects.filter(pk=case.pk).update(told_at=told_at)
        late = told_at + standing_rules.APPEAL_PERIOD
        with pytest.raises(CaseNotYours):
            moderation.appeal(actor=review.user, case=case, text="No.", at=late)
        moderation.appeal(actor=review.user, case=case, text="No.", at=late - timedelta(seconds=1))

    def test_needs_words(self):
        review, case = hidden()
        with pytest.raises(ReasonMissing):
            moderation.appeal(actor=review.user, case=case, text=" ", at=NOON)


class TestMails:
    def test_the_writer_is_told_once_with_rule_reason_and_way_to_appeal(self):
        review, case = hidden()
        assert review_emails.mail_case(case_id=case.pk)
        assert not review_emails.mail_case(case_id=case.pk)
        (letter,) = mail.outbox
        assert letter.to == [review.user.email]
        for part in ("Advertising or spam", "It is an address.", f"/account/decisions/{case.public_id}/"):
            assert part in letter.body

    def test_nobody_hears_of_flags_that_led_to_nothing(self):
        review = make_review()
        flag(review)
        case = decide(review.cases.get(), CaseOutcome.KEEP, None)
        assert not review_emails.mail_case(case_id=case.pk)

    def test_nobody_sees_flags_that_led_to_nothing(self, client):
        review = make_review()
        flag(review)
        decided = f"/account/decisions/{decide(review.cases.get(), CaseOutcome.KEEP, None).public_id}/"
        client.force_login(review.user)
        assert decided not in client.get(f"/reviews/{review.public_id}/").content.decode()
        assert client.get(decided).status_code == 404

    def test_a_decision_that_changed_the_review_is_seen_though_a_later_one_did_not(self, client):
        review = make_review()
        flag(review, rule=FlagRule.SPOILER)
        decided = decide(review.cases.get(), CaseOutcome.SPOILER, FlagRule.SPOILER)
        flag(review, rule=FlagRule.ABUSE)
        decide(review.cases.get(state=CaseState.OPEN), CaseOutcome.KEEP, None)
        client.force_login(review.user)
        path = f"/account/decisions/{decided.public_id}/"
        assert path in client.get(f"/reviews/{review.public_id}/").content.decode()
        assert client.get(path).status_code == 200

    def test_of_the_appeal_too(self):
        _review, case = hidden()
        review_emails.mail_case(case_id=case.pk)
        decide_again(appeal(case), AppealOutcome.UPHELD)
        assert review_emails.mail_case(case_id=case.pk)
        assert "I have looked." in mail.outbox[1].body

    def test_the_sweeper_finds_what_was_lost(self, django_capture_on_commit_callbacks):
        review, _case = hidden()
        with clock.frozen(NOON + timedelta(minutes=5)), django_capture_on_commit_callbacks(execute=True):
            retry_stuck.retry_stuck()
        assert [message.to for message in mail.outbox].count([review.user.email]) == 1
        assert len(mail.outbox) == 3, "and whoever flagged it has a receipt and the decision"


class TestPages:
    @pytest.fixture(autouse=True)
    def _without_second_factor(self, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False

    def test_the_whole_way(self, client):
        review = make_review(title="Buy my pills", edition=make_published_edition(slug="the-lamp"))
        client.force_login(make_reader())
        client.post(reverse("community:review-flag", args=[review.public_id]), {"rule": "spam", "note": "An address."})
        client.force_login(first := make_moderator())
        page = client.get(reverse("community:moderation-cases")).content.decode()
        case = ReviewCase.objects.get()
        address = reverse("community:moderation-case", args=[case.public_id])
        assert address in page
        assert "An address." in client.get(address).content.decode()
        assert client.post(address, {"outcome": "hide", "reason": "An address."}).status_code == 422
        client.post(address, {"outcome": "hide", "rule": "spam", "reason": "An address.", "seen": review.version})
        client.force_login(review.user)
        mine = reverse("community:review-case", args=[case.public_id])
        assert "An address." in client.get(mine).content.decode()
        client.post(mine, {"text": "It is a poem about pills."})
        client.force_login(first)
        assert client.post(address, {"outcome": "overturned", "reason": "Hm."}).status_code == 403
        client.force_login(make_moderator())
        client.post(address, {"outcome": "overturned", "reason": "It is a poem.", "seen": review.version})
        assert b"Buy my pills" in client.get("/books/the-lamp/").content
        assert Review.objects.get().fold == Fold.NONE

    @pytest.mark.parametrize("query", ["", "state=closed", "rule=spam", "state=nonsense", "before=x"])
    def test_each_state_of_the_queue_is_an_address(self, client, query):
        flag(make_review())
        client.force_login(make_moderator())
        assert client.get(f"/moderation/reviews/?{query}").status_code == 200
