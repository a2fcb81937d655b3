"""Replies of authors are flagged, decided about and appealed as reviews are."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import AuditEntry
from publishing import services as publishing_services
from storefront.community import permissions
from storefront.community.errors import CaseDecided, SubjectTextChanged
from storefront.community.models import (
    AppealOutcome,
    CaseOutcome,
    CaseState,
    FlagRule,
    Fold,
    Review,
    ReviewCase,
    ReviewReply,
)
from storefront.community.selectors import standings as standing_selectors
from storefront.community.services import moderation, replies, reply_flags, review_emails, reviews
from storefront.community.services.moderation import CaseNotYours
from storefront.community.services.replies import ReplyHeld, ReplyNotAllowed
from storefront.community.services.reply_flags import ReplyFlagNotAllowed
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_moderator, make_reader
from tests.factories.publishing import make_contributor, make_published_edition
from tests.factories.trust import make_entitlement, make_review, make_standing
from tests.storefront.community.cases import appeal

pytestmark = pytest.mark.django_db

WORDS = "She lives in Elm Street."


@pytest.fixture
def review() -> Review:
    review = make_review(edition=make_published_edition(slug="the-lamp", owner=make_author()))
    replies.write_reply(actor=review.work.owner, review=review, body=WORDS, at=NOON)
    return review


def flag(review, user=None, rule=FlagRule.ABUSE):
    return reply_flags.flag_reply(actor=user or review.user, review=review, rule=rule, note="", at=NOON)


def hold(review):
    """Three readers of standing flag the reply."""
    people = [make_standing(3) for _ in range(3)]
    for one in people:
        flag(review, one)
    return people


def decide(review, outcome=CaseOutcome.HIDE, actor=None, seen=None):
    reply = ReviewReply.objects.get(review=review)
    return moderation.decide(
        actor=actor or make_moderator(),
        case=ReviewCase.objects.get(state=CaseState.OPEN),
        outcome=outcome,
        rule=FlagRule.ABUSE,
        reason="It says where she lives.",
        seen=reply.version if seen is None else seen,
        at=NOON,
    )


def page(client, user=None):
    if user:
        client.force_login(user)
    return client.get("/books/the-lamp/").content.decode()


class TestFlags:
    def test_open_one_case_about_whoever_replied(self, review):
        flag(review)
        flag(review)
        flag(review, make_reader())
        case = ReviewCase.objects.get()
        assert (case.is_reply, case.writer, case.review, case.subject) == (True, review.work.owner, None, review.reply)
        assert case.subject.flags.count() == 2

    def test_refuses_whoever_wrote_it(self, review):
        with pytest.raises(ReplyFlagNotAllowed):
            flag(review, review.work.owner)

    def test_taken_back_the_case_closes(self, review):
        flag(review)
        reply_flags.take_back_flag(actor=review.user, review=review)
        assert ReviewCase.objects.get().state == CaseState.CLOSED

    def test_fold_neither_the_reply_nor_the_review(self, review, client):
        for _ in range(5):
            flag(review, make_reader())
        review.refresh_from_db()
        assert review.fold == Fold.NONE
        assert WORDS in page(client)

    @pytest.mark.parametrize("by", ["writer", "owner"])
    def test_are_not_avoided_by_writing_it_anew(self, review, by):
        if by == "writer":
            make_contributor(review.work, user=(writer := make_author()), role="aut")
            review.reply.author = writer
            review.reply.save()
        people = hold(review)
        actor = review.work.owner
        with pytest.raises(ReplyHeld):
            replies.remove_reply(actor=actor, review=review)
        with pytest.raises(ReplyHeld):
            replies.write_reply(actor=actor, review=review, body="Again.", at=NOON)
        reply_flags.take_back_flag(actor=people[0], review=review)
        replies.remove_reply(actor=actor, review=review)
        assert not ReviewReply.objects.exists()

    @pytest.mark.parametrize("points", [[], [0] * 9, [3, 3], [12]])
    def test_hold_nothing_without_the_weight_that_folds_a_review(self, review, points):
        for one in points:
            flag(review, make_standing(one))
        flag(review)
        owner = review.work.owner
        changed = replies.write_reply(actor=owner, review=review, body="She wrote to me.", at=NOON)
        assert ReviewCase.objects.get().subject == changed
        replies.remove_reply(actor=owner, review=review)
        assert not ReviewReply.objects.exists()

    @pytest.mark.parametrize("points", [[3, 3, 3], [12, 3], [12, 12]])
    def test_hold_it_with_that_weight(self, review, points):
        for one in points:
            assert not permissions.is_reply_held(review.reply)
            flag(review, make_standing(one))
        assert permissions.is_reply_held(review.reply)

    def test_of_spoilers_weigh_apart_as_of_a_review(self, review):
        for rule in (FlagRule.SPOILER, FlagRule.SPOILER, FlagRule.ABUSE):
            flag(review, make_standing(3), rule=rule)
        assert not permissions.is_reply_held(review.reply)
        flag(review, make_standing(3), rule=FlagRule.SPOILER)
        assert permissions.is_reply_held(review.reply)

    def test_of_makers_of_the_book_weigh_nothing(self, review):
        for _ in range(3):
            maker = make_standing(12)
            make_contributor(review.work, user=maker, role="ill")
            flag(review, maker)
        assert not permissions.is_reply_held(review.reply)

    def test_hold_it_no_longer_once_a_moderator_has_kept_it(self, review):
        hold(review)
        decide(review, CaseOutcome.KEEP)
        replies.remove_reply(actor=review.work.owner, review=review)

    def test_removed_and_written_anew_it_is_still_looked_at(self, review):
        people = [make_standing(3), make_standing(3)]
        for one in people:
            flag(review, one)
        owner, case = review.work.owner, ReviewCase.objects.get()
        replies.remove_reply(actor=owner, review=review)
        case.refresh_from_db()
        assert (case.state, case.subject) == (CaseState.CLOSED, None)
        again = replies.write_reply(actor=owner, review=review, body=WORDS, at=NOON)
        case.refresh_from_db()
        assert (ReviewCase.objects.get(), case.state, case.subject, case.review) == (case, CaseState.OPEN, again, None)
        assert {one.user for one in again.flags.all()} == set(people)
        flag(Review.objects.get(pk=review.pk), make_standing(3))
        assert permissions.is_reply_held(again)
        decide(review)
        assert ReviewReply.objects.get().fold == Fold.HIDDEN

    def test_of_one_that_another_author_removed_do_not_hold_for_whoever_replies_then(self, review):
        flag(review)
        replies.remove_reply(actor=review.work.owner, review=review)
        make_contributor(review.work, user=(second := make_author()), role="aut")
        again = replies.write_reply(actor=second, review=review, body="Thank you.", at=NOON)
        assert not again.flags.exists()
        assert ReviewCase.objects.get().state == CaseState.CLOSED

    def test_of_another_review_do_not_hold_for_this_one(self, review):
        flag(review)
        replies.remove_reply(actor=review.work.owner, review=review)
        other = make_review(edition=review.work.editions.get())
        assert not replies.write_reply(actor=review.work.owner, review=other, body="Thanks.", at=NOON).flags.exists()
        reviews.withdraw_review(actor=review.user, work=review.work)
        assert ReviewCase.objects.get().state == CaseState.CLOSED

    def test_are_told_to_nobody_else(self, review):
        hold(review)
        with pytest.raises(ReplyNotAllowed):
            replies.remove_reply(actor=make_author(), review=review)

    def test_nothing_waits_once_the_review_is_gone(self, review):
        flag(review)
        reviews.withdraw_review(actor=review.user, work=review.work)
        assert ReviewCase.objects.get().state == CaseState.CLOSED


class TestDecision:
    def test_takes_it_off_every_page_with_rule_reason_and_log(self, review, client):
        flag(review)
        case = decide(review)
        assert WORDS not in page(client)
        assert WORDS not in client.get("/books/the-lamp/reviews/").content.decode()
        assert (case.rule, case.words) == (FlagRule.ABUSE, WORDS)
        assert AuditEntry.objects.filter(verb="review_case.decided", subject_id=case.public_id).exists()
        review_emails.mail_case(case_id=case.pk)
        assert mail.outbox[0].to == [review.work.owner.email]
        assert "your reply to a review of" in mail.outbox[0].body
        assert "It says where she lives." in mail.outbox[0].body

    def test_a_spoiler_stays_behind_a_word(self, review, client):
        flag(review)
        decide(review, CaseOutcome.SPOILER)
        text = page(client)
        assert WORDS in text
        assert "<summary>Contains spoilers</summary>" in text

    def test_leaves_the_review_and_everybodys_standing_alone(self, review):
        flag(review)
        decide(review)
        review.refresh_from_db()
        assert review.fold == Fold.NONE
        assert standing_selectors.points(at=NOON) == {}

    @pytest.mark.parametrize("outcome", [CaseOutcome.HIDE, CaseOutcome.SPOILER])
    def test_it_is_neither_changed_nor_removed_to_avoid_it(self, review, outcome):
        flag(review)
        decide(review, outcome)
        with pytest.raises(ReplyHeld):
            replies.write_reply(actor=review.work.owner, review=review, body="Again.", at=NOON)
        with pytest.raises(ReplyHeld):
            replies.remove_reply(actor=review.work.owner, review=review)

    def test_does_not_hold_for_what_its_writer_reviews_later(self):
        """Somebody leaves a credit, buys the book and reviews it."""
        review = make_review(edition=(edition := make_published_edition(owner=make_author())))
        maker = make_contributor(edition.work, user=(writer := make_author()), role="aut")
        replies.write_reply(actor=writer, review=review, body=WORDS, at=NOON)
        flag(review)
        decide(review)
        publishing_services.unlink_credit(actor=writer, contributor=maker)
        make_entitlement(writer, edition)
        given = {"stars": 4, "title": "", "body": "I have read it again.", "at": NOON}
        assert reviews.write_review(actor=writer, work=edition.work, **given).fold == Fold.NONE
        assert ReviewCase.objects.get().review is None

    def test_is_about_the_words_that_were_read(self, review):
        flag(review)
        with pytest.raises(SubjectTextChanged):
            decide(review, seen="2020-01-01T00:00:00+00:00")

    def test_is_made_once(self, review):
        flag(review)
        case = decide(review)
        with pytest.raises(CaseDecided):
            moderation.decide(
                actor=make_moderator(),
                case=case,
                outcome=CaseOutcome.KEEP,
                rule=None,
                reason="No.",
                seen=review.reply.version,
                at=NOON,
            )

    @pytest.mark.parametrize("part", ["answered", "flagged"])
    def test_is_for_somebody_without_a_part_in_it(self, part):
        moderator = make_moderator()
        review = make_review(user=moderator if part == "answered" else None)
        replies.write_reply(actor=review.work.owner, review=review, body=WORDS, at=NOON)
        flag(review, moderator if part == "flagged" else make_reader())
        with pytest.raises(CaseNotYours):
            decide(review, actor=moderator)


class TestAppeal:
    def test_the_author_appeals_and_somebody_else_undoes_it(self, review, client):
        flag(review)
        first = make_moderator()
        case = appeal(decide(review, actor=first))
        assert not permissions.may_decide_appeal(first, case)
        given = {"case": case, "reason": "It is a street in the book.", "seen": review.reply.version, "at": NOON}
        with pytest.raises(CaseNotYours):
            moderation.decide_appeal(actor=first, outcome=AppealOutcome.OVERTURNED, **given)
        moderation.decide_appeal(actor=make_moderator(), outcome=AppealOutcome.OVERTURNED, **given)
        assert WORDS in page(client)


class TestPages:
    def test_a_reader_flags_a_moderator_decides_and_the_author_reads_why(self, review, client, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(review.user)
        address = reverse("community:review-page", args=[review.public_id])
        assert "Flag the reply" in client.get(address).content.decode()
        flagged = client.post(f"{address}reply/flag/", {"reply-rule": "abuse", "reply-note": ""})
        assert flagged.status_code == 302
        assert "Your flag on the reply" in client.get(address).content.decode()
        case = ReviewCase.objects.get()
        client.force_login(make_moderator())
        desk = reverse("community:moderation-case", args=[case.public_id])
        assert WORDS[:20] in client.get(reverse("community:moderation-cases")).content.decode()
        assert WORDS in client.get(desk).content.decode()
        given = {"outcome": "hide", "rule": "abuse", "reason": "An address.", "seen": review.reply.version}
        assert client.post(desk, given).status_code == 302
        client.force_login(review.work.owner)
        assert "See the decision and the reason" in client.get(address).content.decode()
        text = client.get(reverse("community:review-case", args=[case.public_id])).content.decode()
        assert "Your reply to a review of" in text
        assert "An address." in text

    def test_whoever_wrote_it_reads_that_it_waits(self, review, client):
        client.force_login(review.work.owner)
        address = reverse("community:review-page", args=[review.public_id])
        assert "still has to look at the reply" not in client.get(address).content.decode()
        flag(review)
        assert "Save the reply" in client.get(address).content.decode()
        hold(review)
        text = client.get(address).content.decode()
        assert "still has to look at the reply" in text
        assert "Save the reply" not in text
        assert "Remove the reply" not in text
        for given in ({"act": "remove"}, {"body": "Again."}):
            refused = client.post(f"{address}reply/", given)
            assert refused.status_code == 403
            assert "you cannot change or remove it" in refused.content.decode()
        client.force_login(review.user)
        assert "still has to look at the reply" not in client.get(address).content.decode()

    def test_nothing_chosen_is_said_at_the_form(self, review, client):
        client.force_login(review.user)
        answer = client.post(f"/reviews/{review.public_id}/reply/flag/", {})
        assert answer.status_code == 422
        assert answer.context["reply_flag_form"].errors
        assert not answer.context["flag_form"].is_bound

    @pytest.mark.parametrize(("points", "told"), [(0, b"The moderators will see it"), (3, b"Your flag counts")])
    @pytest.mark.parametrize("what", ["flag", "reply/flag"])
    def test_a_reader_is_told_whether_the_flag_counts_and_takes_it_back(self, review, client, what, points, told):
        client.force_login(make_standing(points))
        address = f"/reviews/{review.public_id}/{what}/"
        assert told in client.post(address, {"rule": "spam", "reply-rule": "spam"}, follow=True).content
        assert b"Your flag has been withdrawn" in client.post(address, {"act": "undo"}, follow=True).content

    def test_whoever_wrote_it_is_refused_before_the_form_is_looked_at(self, review, client):
        client.force_login(review.work.owner)
        assert client.post(f"/reviews/{review.public_id}/reply/flag/", {}).status_code == 403
        client.force_login(review.user)
        assert client.post(f"/reviews/{review.public_id}/flag/", {}).status_code == 403

    def test_there_must_be_a_reply(self, client):
        review = make_review()
        client.force_login(make_reader())
        assert client.post(f"/reviews/{review.public_id}/reply/flag/", {}).status_code == 404
