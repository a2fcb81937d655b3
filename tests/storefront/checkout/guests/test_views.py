"""Buying without an account through the pages, and what other browsers can do with it: nothing."""

from __future__ import annotations

import json
import re

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Guest, User
from common import clock
from conversion.models import Artifact
from storefront.catalogue.services import listings
from storefront.checkout import permissions
from storefront.checkout.guests.services import guests
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import Cart, Entitlement, Order, Refund
from storefront.reading.models import LastPlace
from tests.factories.accounts import make_finance, make_reader
from tests.factories.buying import buy, make_book
from tests.factories.guests import ADDRESS, buy_as_guest, confirm
from tests.storefront.checkout.orders.test_views import add, hidden

pytestmark = pytest.mark.django_db

ANN = ADDRESS.lower()


def check_out(client, *, email=ADDRESS, country="US"):
    html = client.get("/checkout/").content.decode()
    form = {"country": country, "email": email, "digest": hidden(html, "digest"), "consent": "on"}
    return client.post("/checkout/", form | {"shown_country": hidden(html, "shown_country")})


def purchase(client, edition, *, email=ADDRESS):
    """Through every page; the order, and the address of its page."""
    add(client, edition)
    page = check_out(client, email=email)["Location"].removeprefix("http://testserver")
    back = client.post(page, {"card": "us", "country": "US"})["Location"].removeprefix("http://testserver")
    client.get(back)
    return Order.objects.select_related("buyer__guest").order_by("-pk").first(), back


def link(order):
    return guest_links.link_of(order).removeprefix("http://testserver")


class TestCheckout:
    def test_is_one_page_with_everything(self, client, book):
        add(client, book)
        html = client.get("/checkout/").content.decode()
        for name in ("email", "country", "consent", "digest"):
            assert f'name="{name}"' in html
        assert "Order and pay $4.99" in html
        assert "checked" not in html

    def test_from_book_to_reading_without_an_account(self, client, book):
        order, back = purchase(client, book)
        html = client.get(back).content.decode()
        assert "Thank you" in html
        assert ANN in html
        assert f"/read/{book.work.slug}/" in html
        assert "/library/wrk_" in html
        assert order.buyer.is_guest

    @pytest.mark.parametrize("email", ["", "ann", "ann@", "guest:usr_0123456789abcdef"])
    def test_refuses_what_is_no_address(self, client, book, email):
        add(client, book)
        assert check_out(client, email=email).status_code == 422
        assert not Order.objects.exists()

    def test_refuses_without_consent_and_keeps_what_was_typed(self, client, book):
        add(client, book)
        html = client.get("/checkout/").content.decode()
        answer = client.post("/checkout/", {"country": "DE", "email": ANN, "digest": hidden(html, "digest")})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "Without this consent" in html
        assert f'value="{ANN}"' in html
        assert '<option value="DE" selected>' in html

    def test_needs_a_token(self, book):
        client = Client(enforce_csrf_checks=True)
        add(client, book)
        assert client.post("/checkout/", {"country": "US", "email": ANN}).status_code == 403

    def test_a_free_book_is_there_at_once(self, client):
        add(client, make_book(prices={"USD": 0}))
        html = client.get(check_out(client)["Location"]).content.decode()
        assert "Your books" in html

    @pytest.mark.parametrize("limit", ["1/h/ip", "1/h/key"])
    def test_too_many_orders_from_one_place_or_for_one_mailbox_wait(self, client, book, settings, limit):
        settings.ACCOUNT_RATE_LIMITS = {"guest_order": limit}
        add(client, book)
        assert check_out(client).status_code == 302
        assert check_out(client).status_code == 429

    def test_a_signed_in_person_is_asked_for_no_address(self, signed_in, reader, book):
        add(signed_in, book)
        html = signed_in.get("/checkout/").content.decode()
        assert 'name="email"' not in html
        form = {"country": "US", "email": "bob@example.org", "digest": hidden(html, "digest"), "consent": "on"}
        signed_in.post("/checkout/", form)
        assert Order.objects.get().buyer == reader
        assert not Guest.objects.exists()

    def test_an_address_with_an_account_looks_like_any_other(self, book):
        make_reader(email=ANN)
        seen = []
        for email in (ANN, "bob@example.org"):
            client = Client()
            add(client, book)
            with CaptureQueriesContext(connection) as queries:
                answer = check_out(client, email=email)
            seen.append((answer.status_code, len(queries), re.sub("cs_test_\\w+", "", answer["Location"])))
        assert seen[0] == seen[1]

    def test_form_fields_of_others_change_nothing(self, client, book):
        victim = make_reader()
        add(client, book)
        html = client.get("/checkout/").content.decode()
        form = {"country": "US", "email": ANN, "digest": hidden(html, "digest"), "consent": "on"}
        client.post("/checkout/", form | {"buyer": victim.pk, "user": victim.pk, "actor": victim.public_id})
        assert Order.objects.get().buyer.is_guest


class TestOtherBrowsers:
    """Knowing ids, or the address, opens nothing: it takes the link or the browser that paid."""

    @pytest.fixture
    def order(self, book):
        return purchase(Client(), book)[0]

    @pytest.fixture
    def pages(self, order, book):
        file = Artifact.objects.filter(job=book.job, kind="epub").first()
        line = order.lines.get()
        return [
            f"/orders/{order.public_id}/",
            f"/orders/{order.public_id}/lines/{line.public_id}/refund/",
            f"/library/{book.work.public_id}/{file.public_id}/",
        ]

    def test_a_stranger_is_asked_to_log_in(self, client, pages):
        for page in pages:
            assert client.get(page)["Location"].startswith("/accounts/login/")

    def test_an_account_finds_nothing_even_with_the_same_address(self, client, pages):
        person = make_reader(email=ANN)
        confirm(person)
        client.force_login(person)
        assert [client.get(page).status_code for page in pages] == [404, 404, 404]

    def test_another_guest_with_the_same_address_is_asked_to_log_in(self, client, pages):
        purchase(client, make_book())
        for page in pages:
            assert client.get(page)["Location"].startswith("/accounts/login/")

    def test_nobody_else_gives_it_back(self, client, pages):
        client.post(pages[1])
        client.force_login(make_finance())
        client.post(pages[1])
        assert not Refund.objects.exists()

    def test_the_link_opens_all_of_it(self, client, order, pages, book):
        assert client.get(link(order))["Location"] == pages[0]
        assert "Your books" in client.get(pages[0]).content.decode()
        assert "We will refund $4.99" in client.get(pages[1]).content.decode()
        assert client.get(pages[2])["Location"].startswith("/download/")

    def test_the_pages_of_one_guest_do_not_open_anothers(self, client, order, pages):
        client.get(link(buy_as_guest(make_book(), email="bob@example.org")))
        for page in pages:
            assert client.get(page)["Location"].startswith("/accounts/login/")

    def test_a_download_is_not_lent_to_another_browser(self, client, order, pages):
        client.get(link(order))
        download = client.get(pages[2])["Location"]
        assert Client().get(download)["Location"].startswith("/accounts/login/")
        other = Client()
        purchase(other, make_book())
        assert other.get(download).status_code == 410

    def test_gives_back_with_one_click(self, client, order, pages, book, django_capture_on_commit_callbacks):
        client.get(link(order))
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(pages[1])
        assert Refund.objects.get().requested_by == order.buyer
        assert "Refunded" in client.get(answer["Location"]).content.decode()
        assert not permissions.may_read(order.buyer, book.work)

    def test_a_renewed_link_shuts_browsers_that_had_the_old_one(self, client, order, pages, mailoutbox):
        client.get(link(order))
        thief = Client()
        thief.get(link(order))
        client.post("/orders/renew-links/", {"guest": order.buyer.public_id})
        assert thief.get(pages[0])["Location"].startswith("/accounts/login/")
        assert thief.get(link(order)).status_code == 410

    def test_renewing_is_for_whoever_has_the_link(self, client, order):
        purchase(client, make_book(), email="bob@example.org")
        client.post("/orders/renew-links/", {"guest": order.buyer.public_id})
        assert Guest.objects.get(user=order.buyer).link_version == 1

    def test_forgotten_in_this_browser(self, client, order, pages):
        client.get(link(order))
        client.post("/orders/forget/")
        assert client.get(pages[0])["Location"].startswith("/accounts/login/")
        assert client.get(link(order)).status_code == 302

    def test_a_made_up_link_is_not_there(self, client, order):
        assert client.get("/orders/open/x/").status_code == 404
        assert client.get(f"/orders/open/{order.public_id}.1:abc/").status_code == 404

    def test_an_open_browser_is_shut_by_a_claim(self, client, order, pages):
        client.get(link(order))
        person = make_reader(email=ANN)
        confirm(person)
        guests.claim(actor=person, guest_id=order.buyer.public_id, link_version=None, at=clock.now())
        assert client.get(pages[0])["Location"].startswith("/accounts/login/")


class TestReader:
    @pytest.fixture
    def root(self, book):
        listings.refresh_listing(book)
        return f"/read/{book.work.slug}/"

    def place(self, client, book, person):
        work, edition = book.work.public_id, book.public_id
        place = {
            "type": "place",
            "work": work,
            "edition": edition,
            "block": 1,
            "offset": 0,
            "page": "",
            "share_bps": 2500,
        }
        now = int(clock.now().timestamp() * 1000)
        device = {"id": "phone", "name": ""}
        message = {
            "person": person,
            "device": device,
            "cursor": 0,
            "now": now,
            "books": {},
            "changes": [{**place, "at": now}],
        }
        headers = {"sec-fetch-site": "same-origin"}
        return client.post("/reading/sync/", json.dumps(message), "application/json", headers=headers).status_code

    def test_opens_by_the_link_and_leads_back_to_the_order(self, client, book, root):
        order = buy_as_guest(book)
        client.get(link(order))
        html = client.get(root).content.decode()
        assert f"/orders/{order.public_id}/" in html
        assert "Write a review" not in html
        assert client.get(f"{root}files/{book.public_id}/style.css").status_code == 200

    def test_keeps_the_guests_place(self, client, book, root):
        order = buy_as_guest(book)
        client.get(link(order))
        assert self.place(client, book, order.buyer.public_id) == 200
        assert LastPlace.objects.get().device.user == order.buyer

    def test_is_shut_to_other_browsers(self, client, book, root):
        order = buy_as_guest(book)
        client.get(link(buy_as_guest(make_book(), email="bob@example.org")))
        assert client.get(root)["Location"] == f"/accounts/login/?next={root}"
        assert client.get(f"{root}files/{book.public_id}/style.css").status_code == 404
        assert self.place(client, book, order.buyer.public_id) == 403
        assert not LastPlace.objects.exists()

    def test_is_shut_when_the_book_was_given_back(self, client, book, root):
        order = buy_as_guest(book)
        client.get(link(order))
        Entitlement.objects.update(ended_at=clock.now())
        assert client.get(root)["Location"].startswith("/accounts/login/")


class TestFind:
    def test_same_answer_for_every_address(self, client, book, mailoutbox, django_capture_on_commit_callbacks):
        buy_as_guest(book)
        make_reader(email="member@example.org")
        mailoutbox.clear()
        pages = []
        with django_capture_on_commit_callbacks(execute=True):
            for email in (ANN, "nobody@example.org", "member@example.org"):
                answer = client.post("/orders/find/", {"email": email})
                pages.append((answer.status_code, re.sub(r"value=\"[^\"]{64}\"", "", answer.content.decode())))
        assert pages[0] == pages[1] == pages[2]
        assert [mail.to for mail in mailoutbox] == [[ANN]]

    def test_an_address_that_is_none_is_told(self, client):
        assert client.post("/orders/find/", {"email": "x"}).status_code == 422

    def test_too_many_from_one_place_wait(self, client):
        codes = [client.post("/orders/find/", {"email": f"a{n}@example.org"}).status_code for n in range(11)]
        assert codes == [200] * 10 + [429]

    def test_needs_a_token(self):
        assert Client(enforce_csrf_checks=True).post("/orders/find/", {"email": ANN}).status_code == 403


class TestClaim:
    def test_waits_in_the_library_of_a_confirmed_address(self, client, book):
        person = make_reader(email=ANN)
        confirm(person)
        order = buy_as_guest(book)
        client.force_login(person)
        for page in ("/library/", "/orders/"):
            html = client.get(page).content.decode()
            assert "Bought without an account" in html
            assert order.buyer.public_id in html
        assert not permissions.may_read(person, book.work)
        client.post("/orders/claim/", {"guest": order.buyer.public_id})
        assert permissions.may_read(person, book.work)
        assert "Bought without an account</h2>" not in client.get("/library/").content.decode()

    def test_is_not_shown_to_an_unconfirmed_address(self, client, book):
        person = make_reader(email=ANN)
        EmailAddress.objects.create(user=person, email=ANN, verified=False, primary=True)
        order = buy_as_guest(book)
        client.force_login(person)
        assert "Bought without an account</h2>" not in client.get("/library/").content.decode()
        assert client.post("/orders/claim/", {"guest": order.buyer.public_id}).status_code == 404

    def test_by_link_with_a_button(self, client, book):
        order = buy_as_guest(book, email="elsewhere@example.org")
        person = make_reader()
        client.force_login(person)
        html = client.get(client.get(link(order))["Location"]).content.decode()
        assert "Add to my library" in html
        assert Order.objects.get().buyer.is_guest
        client.post("/orders/claim/", {"guest": order.buyer.public_id})
        assert Order.objects.get().buyer == person
        assert "The Lighthouse" in client.get("/library/").content.decode()

    def test_clicked_twice_ends_in_the_library(self, client, reader, book):
        order = buy_as_guest(book)
        client.get(link(order))
        client.force_login(reader)
        for _ in range(2):
            assert client.post("/orders/claim/", {"guest": order.buyer.public_id})["Location"] == "/library/"
        assert Entitlement.objects.get().user == reader
        other = Client()
        other.force_login(make_reader())
        assert other.post("/orders/claim/", {"guest": order.buyer.public_id}).status_code == 404

    def test_ids_of_others_are_not_there(self, signed_in, book):
        order = buy_as_guest(book)
        for guest_id in (order.buyer.public_id, make_reader().public_id, "usr_x", ""):
            assert signed_in.post("/orders/claim/", {"guest": guest_id}).status_code == 404

    def test_needs_an_account_a_token_and_a_post(self, client, reader, book):
        order = buy_as_guest(book)
        client.get(link(order))
        assert client.post("/orders/claim/", {"guest": order.buyer.public_id}).status_code == 302
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(reader)
        assert strict.post("/orders/claim/", {"guest": order.buyer.public_id}).status_code == 403
        client.force_login(reader)
        assert client.get("/orders/claim/").status_code == 405
        assert Order.objects.get().buyer.is_guest

    def test_registering_is_not_kept_from_a_guests_address(self, client, book):
        buy_as_guest(book)
        client.post("/accounts/signup/", {"email": ANN, "password1": "a long enough secret", "display_name": "Ann"})
        assert User.objects.filter(email=ANN, is_guest=False).exists()


class TestLogIn:
    def test_a_guest_cannot(self, client, book):
        guest = buy_as_guest(book).buyer
        for login in (guest.email, ANN):
            client.post("/accounts/login/", {"login": login, "password": guest.password})
            assert "_auth_user_id" not in client.session

    def test_a_guest_cannot_ask_for_a_new_password(self, client, book, mailoutbox):
        guest = buy_as_guest(book).buyer
        mailoutbox.clear()
        client.post("/accounts/password/reset/", {"email": guest.email})
        client.post("/accounts/password/reset/", {"email": ANN})
        assert not any("password/reset/key" in mail.body for mail in mailoutbox)


class TestOffice:
    def test_finance_sees_the_address(self, client, book, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        order = buy_as_guest(book)
        client.force_login(make_finance())
        assert ANN in client.get(f"/finance/orders/{order.public_id}/").content.decode()


class TestQueries:
    def count(self, client, page):
        with CaptureQueriesContext(connection) as context:
            assert client.get(page).status_code == 200
        return [query["sql"] for query in context.captured_queries if "SAVEPOINT" not in query["sql"]]

    @pytest.mark.parametrize("books", [1, 4])
    def test_cart_and_checkout_of_a_visitor(self, client, books):
        for _ in range(books):
            add(client, make_book())
        assert len(self.count(client, "/cart/")) == 5
        assert len(self.count(client, "/checkout/")) == 6
        assert Cart.objects.get().lines.count() == books

    def test_adding(self, client):
        add(client, make_book())
        another = make_book()
        with CaptureQueriesContext(connection) as context:
            add(client, another)
        assert len([query for query in context.captured_queries if "SAVEPOINT" not in query["sql"]]) == 7

    def test_the_library_asks_as_often_for_many_books_as_for_one(self, client):
        person = make_reader()
        buy(person, make_book())
        client.force_login(person)
        asked = len(self.count(client, "/library/"))
        for _ in range(3):
            buy(person, make_book())
        assert len(self.count(client, "/library/")) <= asked <= 19  # the first visit fills caches
