"""A credit that nobody accepted is a name on a book and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from publishing import permissions as publishing_permissions
from publishing import services as publishing_services
from publishing.models import Contributor, Edition
from storefront.community import permissions
from storefront.community.services import helpful_votes
from storefront.library.models import FollowNotice
from storefront.library.services import follows
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def famous() -> User:
    person = make_author(display_name="Famous Name")
    make_published_edition(owner=person)
    return person


@pytest.fixture
def fan(famous: User) -> User:
    reader = make_reader()
    follows.follow(actor=reader, author_id=famous.public_id, at=NOON - timedelta(days=3))
    return reader


@pytest.fixture
def edition() -> Edition:
    return make_published_edition(slug="the-other-book", title="The Other Book")


def credit(edition: Edition, person: User, role: str = "aut") -> Contributor:
    return publishing_services.add_contributor(
        actor=edition.work.owner, work=edition.work, name="Famous Name", role=role, email=person.email, at=NOON
    )


def shown(client, person: User) -> list[bool]:
    """Whether the book is on the person's page and in their feed, and leads to them."""
    pages = [f"/authors/{person.public_id}/", f"/authors/{person.public_id}/new.atom"]
    found = ["the-other-book" in client.get(page).content.decode() for page in pages]
    return [*found, person.public_id in client.get("/books/the-other-book/").content.decode()]


def test_a_book_is_its_makers_only_once_they_accepted(client, famous, fan, edition):
    offered = credit(edition, famous)
    follows.create_notices(work_id=edition.work_id, at=NOON)
    assert not FollowNotice.objects.exists()
    assert shown(client, famous) == [False, False, False]
    assert "Famous Name" in client.get("/books/the-other-book/").content.decode()
    publishing_services.accept_credit(actor=famous, contributor=offered)
    follows.create_notices(work_id=edition.work_id, at=NOON)
    assert FollowNotice.objects.get().user == fan
    assert shown(client, famous) == [True, True, True]
    publishing_services.unlink_credit(actor=famous, contributor=offered)
    assert shown(client, famous) == [False, False, False]
    assert "Famous Name" in client.get("/books/the-other-book/").content.decode()


def test_a_critic_stays_a_reader(client):
    edition = make_published_edition(slug="the-lamp")
    review = make_review(edition=edition, stars=1)
    praised = make_review(edition=edition)
    helpful_votes.mark_helpful(actor=review.user, review=praised, at=NOON)
    credit(edition, review.user, "ill")
    assert permissions.may_review(review.user, edition.work)
    assert not publishing_permissions.is_maker(review.user, edition.work)
    helpful_votes.take_back(actor=review.user, review=praised, at=NOON)
    client.force_login(review.user)
    client.post("/books/the-lamp/review/", {"stars": "2", "title": "", "body": "Still dim."})
    review.refresh_from_db()
    assert review.stars == 2
