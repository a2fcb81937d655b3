"""Who writes against the rules again and again is kept from writing for a while, and from nothing else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts import restrictions
from accounts.restrictions import Activity, PostingSuspended
from common import clock
from hiring.conversations.services import messages
from publishing import services as publishing_services
from storefront.community.models import Visibility
from storefront.community.services import replies, review_flags, reviews, shelves
from storefront.suspensions.errors import GroundsMissing
from storefront.suspensions.rules import SuspensionRule
from storefront.suspensions.services import suspending
from tests.factories.accounts import make_author, make_moderator
from tests.factories.conversations import make_conversation
from tests.factories.publishing import make_edition, make_published_edition, make_work
from tests.factories.suspensions import WORDS, make_case, make_post_case, make_suspension
from tests.factories.trust import make_entitlement, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return make_author(display_name="Ada")


@pytest.fixture
def suspended(person):
    made = make_suspension(person, Activity.POSTING)
    assert restrictions.is_restricted(person, Activity.POSTING)
    return made


def test_no_review_reply_shelf_or_message(person, suspended):
    at = clock.now()
    book = make_published_edition()
    make_entitlement(person, book)
    own = make_review(edition=make_published_edition(owner=person))
    talk = make_conversation(person, make_author())
    shelf = {"title": "Lights", "description": "", "visibility": Visibility.PUBLIC}
    for write in (
        lambda: reviews.write_review(actor=person, work=book.work, stars=1, title="", body="No.", at=at),
        lambda: replies.write_reply(actor=person, review=own, body="No.", at=at),
        lambda: shelves.make_shelf(actor=person, at=at, **shelf),
        lambda: messages.post(actor=person, conversation=talk, body="No.", at=at),
    ):
        with pytest.raises(PostingSuspended):
            write()


def test_messages_about_a_contract_go_on(person, suspended):
    at = clock.now()
    talk = make_conversation(person, make_author())
    messages.bind(conversation=talk, is_bound=True)
    talk.refresh_from_db()
    assert messages.post(actor=person, conversation=talk, body="Chapter five is done.", at=at).pk


def test_publishing_reporting_and_withdrawing_go_on(person, suspended):
    at = clock.now()
    edition = make_edition(work=make_work(owner=person))
    publishing_services.publish_edition(actor=person, edition=edition, at=at)
    review_flags.flag_review(actor=person, review=make_review(), rule="spam", note="", at=at)
    book = make_published_edition()
    make_review(edition=book, user=person)
    reviews.withdraw_review(actor=person, work=book.work)


def test_a_page_says_so(person, suspended, client):
    client.force_login(person)
    book = make_published_edition(slug="the-lamp")
    make_entitlement(person, book)
    answer = client.post(reverse("community:review", args=["the-lamp"]), {"stars": "1", "title": "", "body": "No."})
    assert answer.status_code == 403
    assert "You cannot write reviews, replies, shelves or messages until" in answer.text


def test_decisions_about_books_do_not_count(person):
    """And what was written does not keep anybody from publishing."""
    for _number in range(4):
        make_post_case(person)
    make_case(person)
    told = {"days": 30, "at": clock.now(), **WORDS}
    for rule in (SuspensionRule.POSTS, SuspensionRule.BREACH):
        with pytest.raises(GroundsMissing):
            suspending.suspend(actor=make_moderator(), person=person, rule=rule, **told)


def test_it_ends_by_itself(person, suspended):
    with clock.frozen(clock.now() + (suspended.last_day - suspended.first_day)):
        assert restrictions.is_restricted(person, Activity.POSTING)
    later = clock.now() + 2 * (suspended.last_day - suspended.first_day)
    assert not restrictions.is_restricted(person, Activity.POSTING, later)
