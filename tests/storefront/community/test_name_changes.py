"""Another name in the profile is the name on every page."""

from __future__ import annotations

import pytest

from accounts import services as account_services
from accounts.models import User
from storefront.catalogue.models import Catalogue, Listing
from storefront.community.services import replies
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_review, make_standing
from tests.storefront.community.test_shelves import add, make_shelf

pytestmark = pytest.mark.django_db


def rename(user: User, name: str = "New Name", **changed: str) -> None:
    told = {"country": user.country, "language": user.language, "bio": user.bio, **changed}
    account_services.update_profile(actor=user, display_name=name, **told)


@pytest.fixture
def keeper() -> User:
    return make_standing(12, is_curator=True, user=make_reader(display_name="Old Name"))


@pytest.fixture
def book():
    return make_published_edition(slug="the-lamp", owner=make_author(display_name="Old Name"))


class TestShelves:
    def test_of_a_books_page_name_their_keeper_anew(self, client, keeper, book):
        add(make_shelf(owner=keeper), book)
        before = client.get("/books/the-lamp/")
        assert b"Old Name" in before.content
        rename(keeper)
        after = client.get("/books/the-lamp/", headers={"If-None-Match": before["ETag"]})
        assert b"New Name" in after.content

    def test_are_found_by_the_new_name_alone(self, client, keeper):
        shelf = make_shelf(owner=keeper, books=1)
        rename(keeper)
        assert shelf.slug in client.get("/shelves/?q=new").content.decode()
        assert shelf.slug not in client.get("/shelves/?q=old").content.decode()

    def test_that_nobody_chose_leave_the_shops_version(self, book):
        keeper = make_reader(display_name="Old Name")
        add(make_shelf(owner=keeper), book)
        before = Catalogue.objects.get().version
        rename(keeper)
        assert Catalogue.objects.get().version == before


class TestReviews:
    def page_after(self, client, user, address):
        before = client.get(address)
        assert b"Old Name" in before.content
        rename(user)
        return client.get(address, headers={"If-None-Match": before["ETag"]})

    @pytest.mark.parametrize("address", ["/books/the-lamp/", "/books/the-lamp/reviews/"])
    def test_stand_under_the_new_name(self, client, keeper, address):
        make_review(user=keeper, edition=make_published_edition(slug="the-lamp"))
        assert b"New Name" in self.page_after(client, keeper, address).content

    def test_replies_do_as_well(self, client, book):
        author = book.work.owner
        review = make_review(edition=book)
        replies.write_reply(actor=author, review=review, body="Thank you.", at=NOON)
        assert b"New Name replied" in self.page_after(client, author, "/books/the-lamp/").content


class TestFeeds:
    def test_of_an_author_are_called_by_the_new_name(self, client, book):
        address = f"/authors/{book.work.owner.public_id}/new.atom"
        before = client.get(address)
        rename(book.work.owner)
        after = client.get(address, headers={"If-None-Match": before["ETag"]})
        assert b"New books by New Name" in after.content


def test_the_same_name_changes_nothing(keeper, book, django_assert_num_queries):
    add(make_shelf(owner=keeper), book)
    make_review(user=keeper, edition=book)
    before = Listing.objects.values_list("reviews_version", flat=True).get()
    with django_assert_num_queries(4):  # two of them for the savepoint
        rename(keeper, "Old Name", bio="I read.")
    assert Listing.objects.values_list("reviews_version", flat=True).get() == before


@pytest.mark.parametrize("count", [1, 6])
def test_many_shelves_and_books_take_as_many_queries_as_one(keeper, count, django_assert_num_queries):
    for _ in range(count):
        make_shelf(owner=keeper, books=2)
        make_review(user=keeper, edition=make_published_edition())
    with django_assert_num_queries(17):
        rename(keeper)
