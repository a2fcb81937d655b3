"""The one statement that counts votes agrees with counting them one by one."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from publishing.models import Contributor, Edition
from storefront.catalogue.models import Listing
from storefront.community.selectors.votes import count_votes
from tests.factories.accounts import make_author, make_reader
from tests.storefront.community.facts import book_of, review, sell, under_pen_name, verified_author
from tests.storefront.community.reference import Purchase, Title, count

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def counted(noon: datetime) -> dict[str, tuple[int, int]]:
    """Proved and open copies by book."""
    found = count_votes(noon.date()).books.values()
    return {
        book.slug: (sum(d.copies.proved for d in book.days), sum(d.copies.open for d in book.days)) for book in found
    }


@pytest.mark.parametrize("sellers", [1, 3, 7])
def test_agrees_with_counting_one_by_one(noon: datetime, sellers: int) -> None:
    chance = random.Random(sellers)
    authors = [verified_author() for _ in range(sellers)] + [make_author()]
    titles: dict[str, tuple[Title, Edition]] = {}
    for number in range(12):
        author, published = chance.choice(authors), noon - timedelta(days=chance.randrange(1, 200))
        edition = book_of(author, f"book-{number:02}", published)
        if pen_name := chance.choice(["", "", "nom", "plume"]):
            under_pen_name(edition, pen_name)
        titles[edition.work.slug] = Title(edition.work.slug, author.public_id, published.date(), pen_name), edition
    purchases = []
    for _ in range(40):
        buyer = make_reader()
        for title, edition in chance.sample(
            sorted(titles.values(), key=lambda one: one[0].slug), chance.randrange(1, 11)
        ):
            at = noon - timedelta(
                days=chance.choice([0, 1, 2, 20, 35, 89, 90, 91, 200, 364, 366]), hours=chance.randrange(12)
            )
            paid = chance.choice([0, 98, 99, 499, 499, 499])
            stars, days = chance.choice([0, 1, 4, 5]), chance.choice([0, 1, 5, 95])
            copy = sell(edition, buyer, at, paid_minor=paid)
            if stars:
                review(edition, buyer, stars, noon - timedelta(days=days))
            is_kept = chance.random() < 0.9
            if not is_kept:
                copy.ended_at = noon - timedelta(days=1)
                copy.save()
            reviewed_on = (noon - timedelta(days=days)).date()
            purchases.append(Purchase(buyer.public_id, title, at, paid, stars, reviewed_on, is_kept))
    verified = {author.public_id for author in authors[:-1]}
    expected = count(purchases, today=noon.date(), verified=verified)
    found = {book.slug: book for book in count_votes(noon.date()).books.values()}
    assert found
    for slug, book in found.items():
        assert book == expected[slug]
    for slug in expected.keys() - found.keys():  # only books without any proved vote are left out
        assert not any(one.proved for d in expected[slug].days for one in (d.copies, d.praise))
        assert not any(one.proved for one in expected[slug].stars)


class Shelf:
    """A book of interest, and a reader who has paid for books of three other authors some time ago."""

    def __init__(self, noon: datetime) -> None:
        self.noon = noon
        self.others = [book_of(verified_author(), f"other-{n}", noon - timedelta(days=300)) for n in range(4)]
        self.author = verified_author()
        self.book = book_of(self.author, "the-lamp", noon - timedelta(days=40))

    def reader(self, *, others: int = 3, days_ago: int = 60):
        buyer = make_reader()
        for other in self.others[:others]:
            sell(other, buyer, self.noon - timedelta(days=days_ago))
        return buyer

    def lamp(self) -> tuple[int, int]:
        return counted(self.noon).get("the-lamp", (0, 0))


@pytest.fixture
def shelf(noon: datetime) -> Shelf:
    made = Shelf(noon)
    # Somebody whose vote is proved, so that the book is counted at all.
    sell(made.book, made.reader(), noon - timedelta(days=3))
    return made


class TestAProvedVote:
    def test_is_one_of_a_reader_of_three_other_authors(self, shelf: Shelf) -> None:
        assert shelf.lamp() == (1, 0)

    @pytest.mark.parametrize(("others", "days_ago"), [(2, 60), (0, 60), (4, 29)])
    def test_needs_three_others_and_thirty_days(self, shelf: Shelf, noon: datetime, others: int, days_ago: int) -> None:
        sell(shelf.book, shelf.reader(others=others, days_ago=days_ago), noon - timedelta(days=3))
        assert shelf.lamp() == (1, 1)

    def test_is_not_made_by_authors_nobody_verified(self, shelf: Shelf, noon: datetime) -> None:
        buyer = shelf.reader(others=2)
        for number in range(5):
            sell(book_of(make_author(), f"puppet-{number}", noon), buyer, noon - timedelta(days=50))
        sell(shelf.book, buyer, noon - timedelta(days=3))
        assert shelf.lamp() == (1, 1)


class TestPenNames:
    """Whose a name is that stays off its owner's page cannot be told from the public votes."""

    def test_each_has_a_vote_of_an_account_in_a_month(self, shelf: Shelf, noon: datetime) -> None:
        one, two = (
            under_pen_name(book_of(shelf.author, slug, noon - timedelta(days=40)), name)
            for slug, name in (("nom-book", "Nom"), ("plume-book", "Plume"))
        )
        buyer = shelf.reader(others=4)
        for ago, book in enumerate((shelf.book, one, two), 1):
            sell(book, buyer, noon - timedelta(days=ago))
        found = counted(noon)
        assert (found["the-lamp"], found["nom-book"], found["plume-book"]) == ((2, 0), (1, 0), (1, 0))

    @pytest.mark.parametrize("is_other_under_a_pen_name", [True, False])
    def test_a_probe_learns_nothing(self, noon: datetime, is_other_under_a_pen_name: bool) -> None:
        """Somebody buys a book under each of two names and of two strangers, and reads what counts as proved."""
        seen = []
        for is_one_person in (True, False):
            mark, owner = f"{is_one_person}".lower(), verified_author()
            owners = [owner, owner if is_one_person else verified_author(), verified_author(), verified_author()]
            books = [book_of(one, f"{mark}-{n}", noon - timedelta(days=300)) for n, one in enumerate(owners)]
            under_pen_name(books[0], "Nom")
            if is_other_under_a_pen_name:
                under_pen_name(books[1], "Plume")
            probe = make_reader()
            for book in books:
                sell(book, probe, noon - timedelta(days=60))
            regular = make_reader()  # whose votes are proved, so that all of them are counted
            helpers = [book_of(verified_author(), f"{mark}-h{n}", noon - timedelta(days=300)) for n in range(4)]
            for book in (*helpers, *books):
                sell(book, regular, noon - timedelta(days=60 if book in helpers else 3))
            found = counted(noon)
            seen.append([found.get(f"{mark}-{n}") for n in range(4)])
        assert seen[0] == seen[1]

    def test_of_a_ring_prove_nothing(self, shelf: Shelf, noon: datetime) -> None:
        buyer = shelf.reader(others=2)
        for number in range(4):
            book = book_of(shelf.author, f"puppet-{number}", noon - timedelta(days=90))
            sell(under_pen_name(book, f"Nom {number}"), buyer, noon - timedelta(days=50))
        sell(shelf.book, buyer, noon - timedelta(days=3))
        assert shelf.lamp() == (1, 1)

    def test_of_the_lifted_books_author_ask_for_one_more(self, shelf: Shelf, noon: datetime) -> None:
        """The bound of decision 49: books by three authors, the lifted one's among them, make no proved vote."""
        nom = under_pen_name(book_of(shelf.author, "nom-book", noon - timedelta(days=40)), "Nom")
        sell(nom, shelf.reader(others=4), noon - timedelta(days=3))
        ring = shelf.reader(others=2)
        sell(shelf.book, ring, noon - timedelta(days=50))
        sell(nom, ring, noon - timedelta(days=3))
        assert counted(noon)["nom-book"] == (1, 1)


class TestNoVote:
    def test_is_a_copy_for_less_than_the_least(self, shelf: Shelf, noon: datetime) -> None:
        sell(shelf.book, shelf.reader(), noon - timedelta(days=3), paid_minor=98)
        assert shelf.lamp() == (1, 0)

    def test_is_a_copy_that_was_given_back(self, shelf: Shelf, noon: datetime) -> None:
        copy = sell(shelf.book, shelf.reader(), noon - timedelta(days=3))
        copy.ended_at = noon - timedelta(days=1)
        copy.save()
        assert shelf.lamp() == (1, 0)

    def test_is_one_of_its_makers(self, shelf: Shelf, noon: datetime) -> None:
        editor = shelf.reader()
        Contributor.objects.create(work=shelf.book.work, user=editor, name="Ed", role="edt")
        sell(shelf.book, editor, noon - timedelta(days=3))
        for other in shelf.others[:3]:
            sell(other, shelf.author, noon - timedelta(days=60))
        sell(shelf.book, shelf.author, noon - timedelta(days=3))
        assert shelf.lamp() == (1, 0)

    def test_is_the_second_of_an_account(self, shelf: Shelf, noon: datetime) -> None:
        giver = shelf.reader()
        for _ in range(5):
            sell(shelf.book, giver, noon - timedelta(days=3), reader=make_reader())
        assert shelf.lamp() == (2, 0)

    def test_is_the_second_for_an_author_in_a_month(self, shelf: Shelf, noon: datetime) -> None:
        sequel = book_of(shelf.author, "the-lamp-again", noon - timedelta(days=30))
        buyer = shelf.reader()
        sell(sequel, buyer, noon - timedelta(days=4))
        sell(shelf.book, buyer, noon - timedelta(days=3))
        assert counted(noon) == counted(noon) | {"the-lamp": (1, 0), "the-lamp-again": (1, 0)}

    def test_is_the_ninth_of_a_month(self, shelf: Shelf, noon: datetime) -> None:
        buyer = shelf.reader()
        for number in range(8):
            sell(book_of(make_author(), f"more-{number}", noon), buyer, noon - timedelta(days=10))
        sell(shelf.book, buyer, noon - timedelta(days=3))
        assert shelf.lamp() == (1, 0)

    def test_is_one_of_today(self, shelf: Shelf, noon: datetime) -> None:
        sell(shelf.book, shelf.reader(), noon)
        assert shelf.lamp() == (1, 0)


@pytest.mark.parametrize("change", [{"is_on_sale": False}, {"is_adult": True}, {"release_date": "2027-01-01"}])
def test_counts_only_what_a_shelf_may_show(shelf: Shelf, noon: datetime, change: dict[str, object]) -> None:
    Listing.objects.filter(slug="the-lamp").update(**change)
    assert "the-lamp" not in counted(noon)
