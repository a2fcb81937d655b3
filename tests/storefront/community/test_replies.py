from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from storefront.community.models import ReviewReply
from storefront.community.services import replies, review_emails
from storefront.community.services.replies import ReplyNotAllowed
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_contributor, make_published_edition
from tests.factories.trust import make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review(edition=make_published_edition(slug="the-lamp", owner=make_author(display_name="Marit S.")))


def write(actor, review, body="Thank you.", at=NOON):
    return replies.write_reply(actor=actor, review=review, body=body, at=at)


class TestWriteReply:
    def test_stands_below_the_review_with_name_and_day(self, review, client):
        write(review.work.owner, review, body="<b>Thank</b> you.")
        text = client.get("/books/the-lamp/").content.decode()
        assert "Marit S. replied on 24 November 2026" in text
        assert "&lt;b&gt;Thank" in text

    def test_changed_it_says_so_and_keeps_its_day(self, review, client):
        write(review.work.owner, review)
        write(review.work.owner, review, body="Thank you very much.", at=NOON + timedelta(days=2))
        text = client.get("/books/the-lamp/").content.decode()
        assert "replied on 24 November 2026 (edited 26 November 2026)" in text
        assert ReviewReply.objects.count() == 1

    @pytest.mark.parametrize("role", ["edt", "ill", "trl"])
    def test_refuses_contributors_who_are_no_authors(self, review, role):
        make_contributor(review.work, user=(person := make_author()), role=role)
        with pytest.raises(ReplyNotAllowed):
            write(person, review)

    def test_refuses_readers_the_reviewer_and_other_authors(self, review):
        for person in (make_reader(), review.user, make_author()):
            with pytest.raises(ReplyNotAllowed):
                write(person, review)

    def test_there_is_one_and_nobody_else_changes_it(self, review):
        make_contributor(review.work, user=(second := make_author()), role="aut")
        write(second, review)
        with pytest.raises(ReplyNotAllowed):
            write(review.work.owner, review)

    def test_tells_the_reviewer_once(self, review, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            reply = write(review.work.owner, review)
        with django_capture_on_commit_callbacks(execute=True):
            write(review.work.owner, review, body="Thanks.")
        assert not review_emails.mail_reply(reply_id=reply.pk)
        (letter,) = mail.outbox
        assert letter.to == [review.user.email]
        assert "Thank you." in letter.body


class TestRemoveReply:
    def test_by_its_writer_or_the_owner(self, review):
        make_contributor(review.work, user=(second := make_author()), role="aut")
        write(second, review)
        replies.remove_reply(actor=review.work.owner, review=review)
        assert not ReviewReply.objects.exists()

    def test_refuses_others(self, review):
        make_contributor(review.work, user=(second := make_author()), role="aut")
        write(review.work.owner, review)
        for person in (second, review.user, make_reader()):
            with pytest.raises(ReplyNotAllowed):
                replies.remove_reply(actor=person, review=review)
