from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from lxml import etree

from common.errors import NotAllowed, NotFound
from publishing import hooks
from storefront.catalogue.models import Catalogue, Listing
from storefront.community.errors import ShelfFull, TooManyShelves
from storefront.community.models import Shelf, ShelfBook, Standing, Visibility
from storefront.community.selectors import shelves as shelf_selectors
from storefront.community.services import shelves
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_operator, make_reader
from tests.factories.publishing import make_published_edition
from tests.factories.trust import make_standing

pytestmark = pytest.mark.django_db


def make_shelf(owner=None, title="Lights at sea", visibility=Visibility.PUBLIC, books=0):
    owner = owner or make_reader(display_name="Lea Fischer")
    shelf = shelves.make_shelf(actor=owner, title=title, description="", visibility=visibility, at=NOON)
    for _ in range(books):
        add(shelf, make_published_edition())
    shelf.refresh_from_db()
    return shelf


def add(shelf, edition, reason="It glows."):
    return shelves.add_book(actor=shelf.owner, shelf=shelf, work=edition.work, reason=reason, at=NOON)


def change(shelf, visibility):
    return shelves.change_shelf(
        actor=shelf.owner, shelf=shelf, title=shelf.title, description="", visibility=visibility
    )


def works(shelf):
    return [row.work_id for row in shelf_selectors.rows_of(shelf)]


class TestBooks:
    def test_come_to_the_end_once(self):
        shelf, book = make_shelf(books=2), make_published_edition()
        add(shelf, book)
        add(shelf, book, reason="It glows at night.")
        assert works(shelf)[-1] == book.work_id
        assert len(works(shelf)) == 3
        assert shelf.books.get(work=book.work).reason == "It glows at night."

    def test_have_to_be_on_sale(self):
        with pytest.raises(NotFound):
            add(make_shelf(), make_published_edition(announce=False))

    def test_are_as_many_as_a_shelf_holds(self, monkeypatch):
        monkeypatch.setattr(shelves, "MAX_BOOKS", 2)
        shelf = make_shelf(books=2)
        with pytest.raises(ShelfFull):
            add(shelf, make_published_edition())

    @pytest.mark.parametrize(("place", "expected"), [(-1, [2, 0, 1]), (0, [2, 0, 1]), (1, [0, 2, 1]), (99, [0, 1, 2])])
    def test_move(self, place, expected):
        shelf = make_shelf(books=3)
        before = works(shelf)
        work = shelf.books.get(work=before[2]).work
        shelves.move_book(actor=shelf.owner, shelf=shelf, work=work, place=place)
        assert works(shelf) == [before[i] for i in expected]

    def test_taken_off_they_come_back_where_they_stood_with_their_reason(self):
        shelf = make_shelf(books=3)
        # The one put in last stands first: its key is the highest.
        last = shelf.books.get(work=works(shelf)[-1]).work
        shelves.move_book(actor=shelf.owner, shelf=shelf, work=last, place=0)
        before = works(shelf)
        work = shelf.books.get(work=before[0]).work
        shelves.remove_book(actor=shelf.owner, shelf=shelf, work=work, at=NOON)
        assert works(shelf) == before[1:]
        shelves.put_back(actor=shelf.owner, shelf=shelf, work=work)
        assert works(shelf) == before
        assert shelf.books.get(work=work).reason == "It glows."

    def test_a_day_later_they_are_forgotten(self):
        shelf = make_shelf(books=1)
        shelves.remove_book(actor=shelf.owner, shelf=shelf, work=shelf.books.get().work, at=NOON)
        shelves.forget_removed(at=NOON + timedelta(hours=23))
        assert ShelfBook.objects.count() == 1
        shelves.forget_removed(at=NOON + timedelta(hours=24))
        assert ShelfBook.objects.count() == 0


class TestKeepers:
    def test_nobody_else_touches_a_shelf_not_even_the_books_author(self):
        shelf, book = make_shelf(books=1), make_published_edition(owner=make_author())
        work = shelf.books.get().work
        for person in (book.work.owner, work.owner, make_operator()):
            for call in (
                lambda p: shelves.add_book(actor=p, shelf=shelf, work=book.work, reason="", at=NOON),
                lambda p: shelves.remove_book(actor=p, shelf=shelf, work=work, at=NOON),
                lambda p: shelves.set_reason(actor=p, shelf=shelf, work=work, reason="Mine."),
                lambda p: shelves.move_book(actor=p, shelf=shelf, work=work, place=0),
                lambda p: shelves.delete_shelf(actor=p, shelf=shelf),
            ):
                with pytest.raises(NotFound):
                    call(person)
        assert len(works(shelf)) == 1

    def test_editors_shelves_are_an_operators_mark(self):
        shelf = make_shelf()
        with pytest.raises(NotAllowed):
            shelves.mark_editors(actor=shelf.owner, shelf=shelf, is_editors=True)
        assert shelves.mark_editors(actor=make_operator(), shelf=shelf, is_editors=True).is_editors

    def test_keep_a_number_of_shelves(self, monkeypatch):
        monkeypatch.setattr(shelves, "MAX_SHELVES", 1)
        shelf = make_shelf()
        with pytest.raises(TooManyShelves):
            make_shelf(owner=shelf.owner)

    def test_deleting_says_what_is_lost(self, client):
        shelf = make_shelf(books=2)
        client.force_login(shelf.owner)
        text = client.get(reverse("community:shelf-delete", args=[shelf.public_id])).content.decode()
        assert "the arrangement of 2 books" in text
        assert "2 reasons you wrote" in text
        client.post(reverse("community:shelf-delete", args=[shelf.public_id]))
        assert not Shelf.objects.exists()


class TestShelfPage:
    def test_shows_books_on_sale_with_reasons_and_keeper(self, client):
        shelf, gone = make_shelf(), make_published_edition(title="Off sale")
        add(shelf, make_published_edition(title="The Lamp"), reason="<i>It glows.</i>")
        add(shelf, gone)
        hooks.notify_withdrawn(gone)
        text = client.get(f"/shelves/{shelf.slug}/").content.decode()
        assert "The Lamp" in text
        assert "&lt;i&gt;It glows." in text
        assert "Lea Fischer" in text
        assert "Off sale" not in text

    def test_says_whose_books_they_are(self, client):
        author = make_author()
        shelf = make_shelf(owner=author)
        add(shelf, make_published_edition(owner=author))
        assert (
            "All of these books are by the person who made this shelf"
            in client.get(f"/shelves/{shelf.slug}/").content.decode()
        )
        add(shelf, make_published_edition())
        text = client.get(f"/shelves/{shelf.slug}/").content.decode()
        assert "All of these books" not in text
        assert text.count("by the person who made this shelf") == 1

    def test_an_unlisted_one_is_for_those_who_have_its_address(self, client):
        shelf = make_shelf(visibility=Visibility.UNLISTED, books=1)
        assert 'content="noindex"' in client.get(f"/shelves/{shelf.slug}/").content.decode()
        assert shelf.slug not in client.get("/shelves/").content.decode()
        assert len(shelf.slug) > len("lights-at-sea-") + 15

    def test_a_public_one_that_is_unlisted_moves_to_where_nobody_guesses_and_back(self, client):
        shelf = make_shelf(books=1)
        public = f"/shelves/{shelf.slug}/"
        secret = f"/shelves/{change(shelf, Visibility.UNLISTED).address}/"
        assert len(secret) > len(public) + 15
        assert [client.get(one).status_code for one in (public, f"{public}feed/", secret, f"{secret}feed/")] == [
            404,
            404,
            200,
            200,
        ]
        assert public not in client.get(secret).content.decode()
        assert make_shelf().slug != shelf.slug  # the name is kept for it
        change(shelf, Visibility.PUBLIC)
        assert client.get(public).status_code == 200
        assert client.get(secret)["Location"] == public
        assert f"/shelves/{change(shelf, Visibility.UNLISTED).address}/" == secret

    def test_one_that_began_unlisted_keeps_its_one_address(self, client):
        shelf = make_shelf(visibility=Visibility.UNLISTED)
        for visibility in (Visibility.PUBLIC, Visibility.UNLISTED):
            assert change(shelf, visibility).address == shelf.slug
            assert client.get(f"/shelves/{shelf.slug}/").status_code == 200

    def test_an_unlisted_address_is_not_taken_over_by_a_name(self):
        shelf = make_shelf()
        secret = change(shelf, Visibility.UNLISTED).address
        make_shelf(title=secret)
        found = shelf_selectors.shelf_page(secret)
        assert found is not None and found.shelf == shelf

    @pytest.mark.parametrize("count", [1, 12])
    def test_takes_two_queries(self, client, count, django_assert_max_num_queries):
        shelf = make_shelf(books=count)
        for address in (f"/shelves/{shelf.slug}/", f"/shelves/{shelf.slug}/feed/"):
            with django_assert_max_num_queries(2):
                response = client.get(address)
            assert response["Cache-Control"].startswith("public")
            assert not response.cookies

    def test_the_feed_is_atom_with_reasons(self, client):
        shelf = make_shelf()
        add(shelf, make_published_edition(title="The Lamp", slug="the-lamp"), reason="It glows & hums.")
        response = client.get(f"/shelves/{shelf.slug}/feed/")
        assert response["Content-Type"].startswith("application/atom+xml")
        feed = etree.fromstring(response.content)
        atom = {"a": "http://www.w3.org/2005/Atom"}
        assert feed.findtext("a:entry/a:summary", namespaces=atom) == "<p>It glows &amp; hums.</p>"
        assert feed.find("a:entry/a:link", atom).get("href") == "http://testserver/books/the-lamp/"

    def test_no_markup_of_a_reason_reaches_a_reader_of_the_feed(self, client):
        shelf = make_shelf()
        add(shelf, make_published_edition(), reason="a < b <img src=x onerror=alert(1)>")
        feed = etree.fromstring(client.get(f"/shelves/{shelf.slug}/feed/").content)
        (summary,) = feed.iter("{http://www.w3.org/2005/Atom}summary")
        assert summary.get("type") == "html"
        assert summary.text == "<p>a &lt; b &lt;img src=x onerror=alert(1)&gt;</p>"


class TestShelfList:
    def test_finds_by_beginnings_of_words_of_title_and_keeper(self):
        wanted, other = make_shelf(books=1), make_shelf(title="Cookery", owner=make_reader(display_name="B"), books=1)
        assert shelf_selectors.shelf_list(query="LIGHT").shelves == [wanted]
        assert shelf_selectors.shelf_list(query="lea sea").shelves == [wanted]
        assert shelf_selectors.shelf_list(query="ights").shelves == []
        assert set(shelf_selectors.shelf_list().shelves) == {wanted, other}

    def test_leaves_empty_ones_out(self):
        make_shelf()
        assert shelf_selectors.shelf_list().shelves == []

    @pytest.mark.parametrize("sort", shelf_selectors.SORTS)
    def test_pages_hold_each_once_in_one_query(self, sort, django_assert_num_queries):
        made = [make_shelf(title=f"Shelf {number}") for number in range(60)]
        for number, shelf in enumerate(made):
            Shelf.objects.filter(pk=shelf.pk).update(books_count=1 + number % 3)
        seen, after = [], ""
        for _ in range(3):
            with django_assert_num_queries(1):
                page = shelf_selectors.shelf_list(sort=sort, after=after)
            seen += [shelf.pk for shelf in page.shelves]
            after = page.next_cursor
        assert after == ""
        assert sorted(seen) == sorted(shelf.pk for shelf in made)

    @pytest.mark.parametrize("sort", shelf_selectors.SORTS)
    @pytest.mark.parametrize("tended", [True, False])
    def test_a_page_goes_on_where_the_last_ended_whatever_became_of_its_last_shelf(self, sort, tended):
        for number in range(30):
            shelf = make_shelf(title=f"Shelf {number}")
            told = {"changed_at": NOON - timedelta(minutes=number), "books_count": 40 - number}
            Shelf.objects.filter(pk=shelf.pk).update(**told)
        first = shelf_selectors.shelf_list(sort=sort)
        last = Shelf.objects.filter(pk=first.shelves[-1].pk)
        if tended:
            last.update(changed_at=NOON + timedelta(minutes=1), books_count=50)
        else:
            last.delete()
        second = shelf_selectors.shelf_list(sort=sort, after=first.next_cursor)
        assert [shelf.title for shelf in second.shelves] == [f"Shelf {number}" for number in range(24, 30)]

    @pytest.mark.parametrize("sort", shelf_selectors.SORTS)
    @pytest.mark.parametrize("after", ["shf_none", "1", "-", "zz-zz-", "9" * 30 + "-1", "zzzzzzzzzz-1"])
    def test_a_cursor_nobody_gave_out_shows_the_first_page(self, sort, after):
        shelf = make_shelf(books=1)
        assert shelf_selectors.shelf_list(sort=sort, after=after).shelves == [shelf]


class TestChosen:
    def test_front_page_shows_editors_first_then_curators_in_one_query(self, django_assert_num_queries):
        curators = make_shelf(owner=make_standing(12, is_curator=True), title="Curated", books=4)
        make_shelf(title="Anybody’s", books=4)
        editors = make_shelf(title="Ours", books=3)
        shelves.mark_editors(actor=make_operator(), shelf=editors, is_editors=True)
        with django_assert_num_queries(1):
            found = shelf_selectors.front_shelves()
            shown = [(one.title, one.keeper, [row.title for row in one.books]) for one in found]
        assert [title for title, _keeper, _books in shown] == ["Ours", "Curated"]
        assert [len(books) for _title, _keeper, books in shown] == [3, 4]
        assert curators.owner.display_name in {keeper for _title, keeper, _books in shown}

    def test_each_curator_has_one_place(self):
        pushy = make_standing(12, is_curator=True)
        for title in ("First", "Second", "Third"):
            make_shelf(owner=pushy, title=title, books=3)
        make_shelf(owner=make_standing(12, is_curator=True), title="Honest", books=3)
        Shelf.objects.filter(title="Second").update(changed_at=NOON + timedelta(hours=1))
        Shelf.objects.filter(title="Third").update(changed_at=NOON + timedelta(hours=1))
        assert self.front() == ["Third", "Honest"]

    def test_all_of_the_shops_own_stand_there(self):
        operator = make_operator()
        for title in ("First", "Second"):
            shelf = make_shelf(owner=operator, title=title, books=3)
            shelves.mark_editors(actor=operator, shelf=shelf, is_editors=True)
        assert self.front() == ["Second", "First"]

    def test_a_shelf_that_cannot_be_shown_takes_no_place_of_its_curators_other_one(self):
        keeper = make_standing(12, is_curator=True)
        make_shelf(owner=keeper, title="Shown", books=3)
        make_shelf(owner=keeper, title="Short", books=2)
        assert self.front() == ["Shown"]

    def test_only_a_new_book_makes_a_shelf_the_newer(self):
        shelf = make_shelf(owner=make_standing(12, is_curator=True), books=2)
        before, later, rows = shelf.changed_at, NOON + timedelta(hours=9), list(shelf.books.select_related("work"))
        given = {"actor": shelf.owner, "shelf": shelf, "work": rows[0].work}
        shelves.set_reason(reason="", **given)
        shelves.add_book(reason="Again.", at=later, **given)
        shelves.move_book(place=1, **given)
        shelves.remove_book(at=later, **given)
        shelves.put_back(**given)
        shelves.remove_book(at=later, **given)
        shelves.add_book(reason="", at=later, **given)
        shelves.change_shelf(actor=shelf.owner, shelf=shelf, title="New", description="", visibility=Visibility.PUBLIC)
        shelf.refresh_from_db()
        assert shelf.changed_at == before
        shelves.add_book(actor=shelf.owner, shelf=shelf, work=make_published_edition().work, reason="", at=later)
        shelf.refresh_from_db()
        assert shelf.changed_at == later

    def front(self):
        found = shelf_selectors.front_shelves()
        return [one.title for one in found]

    def test_neither_unlisted_nor_short_nor_adult_ones(self):
        keeper = make_standing(12, is_curator=True)
        make_shelf(owner=keeper, visibility=Visibility.UNLISTED, books=4)
        make_shelf(owner=keeper, books=2)
        adult = make_shelf(owner=keeper, books=3)
        Listing.objects.filter(work__shelved__shelf=adult).update(is_adult=True)
        assert shelf_selectors.front_shelves() == []

    def test_a_books_page_links_them_by_one_query_more(self, client, django_assert_max_num_queries):
        keeper, book = make_standing(12, is_curator=True), make_published_edition(slug="the-lamp")
        shelf = make_shelf(owner=keeper, title="Curated")
        add(shelf, book)
        add(make_shelf(title="Anybody’s"), book)
        with django_assert_max_num_queries(8):
            text = client.get("/books/the-lamp/").content.decode()
        assert f"/shelves/{shelf.slug}/" in text
        assert "Anybody’s" not in text
        shelves.delete_shelf(actor=keeper, shelf=shelf)
        assert f"/shelves/{shelf.slug}/" not in client.get("/books/the-lamp/").content.decode()

    def test_not_those_of_somebody_who_is_a_curator_no_more(self, client):
        keeper, book = make_standing(12, is_curator=True), make_published_edition(slug="the-lamp")
        add(make_shelf(owner=keeper, title="Curated"), book)
        Standing.objects.update(is_curator=False)
        assert "Curated" not in client.get("/books/the-lamp/").content.decode()

    def test_the_first_of_a_books_own_in_order(self, monkeypatch):
        monkeypatch.setattr(shelf_selectors, "_ON_A_BOOKS_PAGE", 2)
        keeper, book, other = make_standing(12, is_curator=True), make_published_edition(), make_published_edition()
        made = [make_shelf(owner=keeper, title=title) for title in ("One", "Two", "Ours")]
        for shelf in made:
            add(shelf, book)
        add(made[0], other)
        shelves.mark_editors(actor=make_operator(), shelf=made[2], is_editors=True)
        Shelf.objects.filter(pk=made[0].pk).update(changed_at=NOON + timedelta(hours=1))
        titles = {one.pk: [shelf.title for shelf in shelf_selectors.shelves_with(one.work_id)] for one in (book, other)}
        assert titles == {book.pk: ["Ours", "One"], other.pk: ["One"]}


class TestPagesInCaches:
    """Pages of books and the front page name chosen shelves, and are cached under the shop's version."""

    def acts(self, shelf):
        work = shelf.books.get().work
        given = {"actor": shelf.owner, "shelf": shelf}
        return {
            "title": lambda: shelves.change_shelf(**given, title="New", description="", visibility=Visibility.PUBLIC),
            "unlisted": lambda: change(shelf, Visibility.UNLISTED),
            "reason": lambda: shelves.set_reason(**given, work=work, reason="New."),
            "removed": lambda: shelves.remove_book(**given, work=work, at=NOON),
            "deleted": lambda: shelves.delete_shelf(**given),
        }

    @pytest.mark.parametrize("act", ["title", "unlisted", "reason", "removed", "deleted"])
    @pytest.mark.parametrize("is_chosen", [True, False])
    def test_are_new_when_a_chosen_shelf_changes_and_only_then(self, act, is_chosen):
        owner = make_standing(12, is_curator=True) if is_chosen else make_reader()
        do = self.acts(make_shelf(owner, books=1))[act]
        before = Catalogue.objects.get().version
        do()
        assert (Catalogue.objects.get().version > before) is is_chosen

    def test_are_new_when_a_book_comes_onto_one(self):
        shelf, edition = make_shelf(make_standing(12, is_curator=True)), make_published_edition()
        before = Catalogue.objects.get().version
        add(shelf, edition)
        assert Catalogue.objects.get().version > before

    def test_are_new_when_an_operator_marks_one(self):
        shelf = make_shelf(books=1)
        for is_editors in (True, False):
            before = Catalogue.objects.get().version
            shelves.mark_editors(actor=make_operator(), shelf=shelf, is_editors=is_editors)
            assert Catalogue.objects.get().version > before


class TestWithoutScripts:
    def test_from_a_books_page_to_a_new_shelf_and_on(self, client):
        reader, book = make_reader(), make_published_edition(slug="the-lamp")
        second = make_published_edition(slug="the-quay")
        client.force_login(reader)
        assert "/account/shelves/add/the-lamp/" in client.get("/books/the-lamp/").content.decode()
        assert client.post("/account/shelves/add/the-lamp/", {"reason": "x"}).status_code == 422
        client.post("/account/shelves/add/the-lamp/", {"title": "Lights", "reason": "It glows."})
        shelf = Shelf.objects.get()
        client.post("/account/shelves/add/the-quay/", {"shelf": shelf.public_id, "reason": ""})
        path = reverse("community:shelf-books", args=[shelf.public_id])
        client.post(path, {"work": second.work.public_id, "act": "up"})
        assert works(shelf) == [second.work_id, book.work_id]
        client.post(path, {"work": second.work.public_id, "act": "reason", "reason": "Salt."})
        response = client.post(path, {"work": second.work.public_id, "act": "remove"}, follow=True)
        assert b"Undo" in response.content
        client.post(path, {"work": second.work.public_id, "act": "put-back"})
        assert shelf.books.get(work=second.work).reason == "Salt."
        client.post(
            reverse("community:shelf-edit", args=[shelf.public_id]),
            {"title": "Lamps", "description": "", "visibility": "public"},
        )
        shelf.refresh_from_db()
        assert (shelf.title, shelf.slug) == ("Lamps", "lights")

    def test_somebody_elses_shelf_cannot_be_chosen(self, client):
        shelf = make_shelf()
        make_published_edition(slug="the-lamp")
        client.force_login(make_reader())
        response = client.post("/account/shelves/add/the-lamp/", {"shelf": shelf.public_id})
        assert response.status_code == 422
        assert works(shelf) == []
