"""The pages of wishes and of followed authors, as a browser without JavaScript uses them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common import clock
from storefront.catalogue.services import listings
from storefront.library.models import Follow, NewBookMail, ReaderMail, Wish
from storefront.library.services import reader_emails, wishlists
from storefront.library.services.reader_emails import MailKind
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy, make_book
from tests.storefront.checkout.orders.test_views import FROM_HERE
from tests.support import entrance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


@pytest.fixture
def listed(book):
    listings.refresh_listing(book)
    return book


@pytest.fixture
def author(listed):
    return listed.work.owner


def wish(client, edition, headers=None):
    return client.post("/wishlist/add/", {"book": edition.work.slug}, headers=FROM_HERE if headers is None else headers)


class TestWishlist:
    def test_the_books_page_has_the_button_and_no_token(self, client, listed):
        answer = client.get(f"/books/{listed.work.slug}/")
        html = answer.content.decode()
        assert "Add to wish list" in html
        assert "csrf" not in html
        assert not answer.cookies

    def test_adding_shows_the_list(self, signed_in, listed):
        assert wish(signed_in, listed)["Location"] == "/wishlist/"
        html = signed_in.get("/wishlist/").content.decode()
        assert "The Lighthouse" in html
        assert "$4.99 when you added it on" in html

    @pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
    def test_refuses_other_sites(self, signed_in, listed, headers):
        assert wish(signed_in, listed, headers).status_code == 403
        assert not Wish.objects.exists()

    def test_leads_through_log_in_and_back(self, client, listed):
        person = entrance.person("wisher@example.org")
        page = wish(client, listed)["Location"]
        assert page == "/accounts/login/?next=/wishlist/"
        typed = {"login": person.email, "password": entrance.PASSWORD, "next": "/wishlist/"}
        answer = client.post(page, typed, follow=True)
        assert "The Lighthouse" in answer.content.decode()
        assert Wish.objects.get().user == person

    def test_an_owned_book_is_not_put_on_the_list(self, signed_in, reader, listed):
        buy(reader, listed)
        assert wish(signed_in, listed)["Location"] == "/wishlist/"
        assert "It is in your library" in signed_in.get("/wishlist/").content.decode()
        assert not Wish.objects.exists()

    def test_an_unknown_book_is_not_there(self, signed_in):
        assert signed_in.post("/wishlist/add/", {"book": "x"}, headers=FROM_HERE).status_code == 404

    def test_a_book_that_went_meanwhile_is_told_kindly(self, signed_in, listed):
        session = signed_in.session
        session["wish"] = "gone"
        session.save()
        answer = signed_in.get("/wishlist/")
        assert answer.status_code == 200
        assert "no longer in the shop" in answer.content.decode()
        assert "wish" not in signed_in.session

    def test_taking_off_can_be_undone(self, signed_in, listed):
        wish(signed_in, listed)
        page = signed_in.post("/wishlist/remove/", {"work": listed.work.public_id})["Location"]
        html = signed_in.get(page).content.decode()
        assert "has been removed from your wish list" in html
        signed_in.post("/wishlist/put-back/", {"work": listed.work.public_id})
        assert Wish.objects.get().removed_at is None

    def test_a_fall_stands_on_the_page(self, signed_in, listed):
        wish(signed_in, listed)
        listed.work.prices.update(list_price_minor=299)
        listings.refresh_listing(listed)
        assert "$2.00 cheaper" in signed_in.get("/wishlist/").content.decode()

    def test_a_chosen_amount(self, signed_in, listed):
        wish(signed_in, listed)
        page = f"/wishlist/{listed.work.public_id}/below/"
        signed_in.post(page, {"amount": "3.50"})
        assert "Price alert at $3.50 or less" in signed_in.get("/wishlist/").content.decode()
        signed_in.post(page, {"amount": "many"})
        assert Wish.objects.get().below_minor == 350
        signed_in.post(page, {"amount": ""})
        assert Wish.objects.get().below_minor is None

    @pytest.mark.parametrize(("amount", "is_so"), [("5.00", True), ("4.99", True), ("4.98", False), ("0", False)])
    def test_an_amount_that_it_costs_already_is_said_at_once(self, signed_in, listed, amount, is_so):
        wish(signed_in, listed)
        page = f"/wishlist/{listed.work.public_id}/below/"
        html = signed_in.post(page, {"amount": amount}, follow=True).content.decode()
        assert (f"now ${Decimal(amount):.2f} or less" in html) == is_so
        assert ("Your price alert has been saved." in html) != is_so
        assert f"Price alert at ${Decimal(amount):.2f} or less" in html

    def test_nothing_is_said_of_what_the_reader_has(self, signed_in, reader, listed):
        wish(signed_in, listed)
        buy(reader, listed)
        html = signed_in.post(
            f"/wishlist/{listed.work.public_id}/below/", {"amount": "9"}, follow=True
        ).content.decode()
        assert "now $9.00 or less" not in html

    def test_choosing_reads_one_wish_however_many_there_are(self, signed_in, listed):
        wish(signed_in, listed)
        with CaptureQueriesContext(connection) as few:
            signed_in.post(f"/wishlist/{listed.work.public_id}/below/", {"amount": "3.50"})
        for _ in range(3):
            listings.refresh_listing(another := make_book())
            wish(signed_in, another)
        signed_in.get("/wishlist/")  # the messages of before
        with CaptureQueriesContext(connection) as many:
            signed_in.post(f"/wishlist/{listed.work.public_id}/below/", {"amount": "3.50"})
        assert len(few) == len(many)
        read = [query["sql"] for query in many if query["sql"].startswith("SELECT") and "library_wish" in query["sql"]]
        assert len(read) == 2  # by the page, and locked by the service
        assert not any("catalogue_listing" in sql for sql in read)

    def test_others_lists_are_not_there(self, signed_in, listed):
        wishlists.add_wish(actor=make_reader(), slug=listed.work.slug, at=clock.now())
        work_id = listed.work.public_id
        assert signed_in.post(f"/wishlist/{work_id}/below/", {"amount": "1"}).status_code == 404
        assert signed_in.post("/wishlist/remove/", {"work": work_id})["Location"] == "/wishlist/"
        assert "The Lighthouse" not in signed_in.get("/wishlist/").content.decode()
        assert Wish.objects.get().removed_at is None

    @pytest.mark.parametrize("page", ["/wishlist/", "/following/"])
    def test_need_log_in(self, client, page):
        assert client.get(page)["Location"] == f"/accounts/login/?next={page}"

    @pytest.mark.parametrize(
        "page",
        [
            "/wishlist/remove/",
            "/wishlist/put-back/",
            "/wishlist/mail/",
            "/wishlist/wrk_x/below/",
            "/following/mail/",
            "/authors/usr_x/unfollow/",
        ],
    )
    def test_changes_need_log_in_a_post_and_a_token(self, reader, page):
        client = Client(enforce_csrf_checks=True)
        assert client.get(page).status_code == 302
        client.force_login(reader)
        assert client.get(page).status_code == 405
        assert client.post(page).status_code == 403

    def test_queries_do_not_grow(self, signed_in, reader, django_assert_num_queries):
        for _ in range(3):
            book = make_book()
            listings.refresh_listing(book)
            wishlists.add_wish(actor=reader, slug=book.work.slug, at=clock.now())
        signed_in.get("/wishlist/")
        from storefront.library.selectors import wishlists as wish_selectors

        with django_assert_num_queries(2):
            assert len(wish_selectors.wishlist_of(reader)) == 3


class TestFollowing:
    def follow(self, client, author, headers=None):
        given = FROM_HERE if headers is None else headers
        return client.post(f"/authors/{author.public_id}/follow/", headers=given)

    def test_the_authors_page_has_the_button_and_no_token(self, client, author):
        answer = client.get(f"/authors/{author.public_id}/")
        assert f"/authors/{author.public_id}/follow/" in answer.content.decode()
        assert "csrf" not in answer.content.decode()
        assert not answer.cookies

    def test_follow_feed_and_unfollow(self, signed_in, author):
        assert self.follow(signed_in, author)["Location"] == "/following/"
        html = signed_in.get("/following/").content.decode()
        assert "The Lighthouse" in html
        assert "New book" in html
        signed_in.post(f"/authors/{author.public_id}/unfollow/")
        assert not Follow.objects.exists()
        assert "You do not follow anyone yet" in signed_in.get("/following/").content.decode()

    @pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
    def test_refuses_other_sites(self, signed_in, author, headers):
        assert self.follow(signed_in, author, headers).status_code == 403
        assert not Follow.objects.exists()

    def test_leads_through_log_in_and_back(self, client, author):
        assert self.follow(client, author)["Location"] == "/accounts/login/?next=/following/"
        person = make_reader()
        session = dict(client.session)
        client.force_login(person)
        current = client.session
        current.update({"follow": session["follow"]})
        current.save()
        client.get("/following/")
        assert Follow.objects.get().user == person

    def test_an_author_who_went_meanwhile_is_told_kindly(self, signed_in):
        session = signed_in.session
        session["follow"] = "usr_gone"
        session.save()
        answer = signed_in.get("/following/")
        assert answer.status_code == 200
        assert "no longer has a page here" in answer.content.decode()
        assert not Follow.objects.exists()

    def test_readers_have_no_followers(self, signed_in):
        assert self.follow(signed_in, make_reader()).status_code == 404
        assert self.follow(signed_in, make_author()).status_code == 404

    def test_oneself_is_told_kindly(self, client, author):
        client.force_login(author)
        assert "This is you" in client.get(self.follow(client, author)["Location"]).content.decode()

    def test_choosing_the_mail(self, signed_in, reader, author):
        self.follow(signed_in, author)
        signed_in.post("/following/mail/", {"new_books": "weekly"})
        assert ReaderMail.objects.get().new_books == NewBookMail.WEEKLY
        signed_in.post("/following/mail/", {"new_books": "hourly"})
        assert ReaderMail.objects.get().new_books == NewBookMail.WEEKLY


class TestStopMail:
    """RFC 8058: the mail program posts, without log-in, cookies or token."""

    def path(self, user, kind):
        return reader_emails.unsubscribe_link(user=user, kind=kind).removeprefix("http://testserver")

    @pytest.mark.parametrize("kind", MailKind)
    def test_one_click(self, reader, kind):
        client = Client(enforce_csrf_checks=True)
        page = self.path(reader, kind)
        assert client.get(page).status_code == 200
        assert not ReaderMail.objects.exists()
        for _ in range(2):
            assert client.post(page, {"List-Unsubscribe": "One-Click"}).status_code == 200
        choice = ReaderMail.objects.get(user=reader)
        assert choice.price_alerts == (kind != MailKind.PRICES)
        assert (choice.new_books == NewBookMail.NEVER) == (kind == MailKind.NEW_BOOKS)

    def test_made_up_links_end_nothing(self, client, reader):
        page = self.path(reader, MailKind.PRICES)
        other = self.path(make_reader(), MailKind.PRICES)
        swapped = page.rpartition(":")[0] + ":" + other.rpartition(":")[2]
        for wrong in ("/mails/stop/x/", swapped, page.replace("prices", "new_books")):
            assert client.post(wrong).status_code == 404
        assert not ReaderMail.objects.exists()
