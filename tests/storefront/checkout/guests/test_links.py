"""How long the links of guests last, what may be done with them, and what whoever has an ended one is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client

from accounts.models import Guest, User
from common import clock
from storefront.checkout.guests.services import guests
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import Entitlement, LinkRequest, Order, Refund
from tests.factories.accounts import make_reader
from tests.factories.guests import ADDRESS, buy_as_guest, confirm
from tests.storefront.checkout.guests.test_views import purchase

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(book) -> Order:  # type: ignore[no-untyped-def]
    return buy_as_guest(book)


@pytest.fixture
def link(order: Order) -> str:
    return guest_links.link_of(order).removeprefix("http://testserver")


def later(**time: int):  # type: ignore[no-untyped-def]
    return clock.frozen(clock.now() + timedelta(**time))


class TestEnd:
    def test_it_opens_for_thirty_days(self, client: Client, link: str, order: Order) -> None:
        with later(days=29):
            assert client.get(link)["Location"] == f"/orders/{order.public_id}/"

    def test_after_them_its_page_says_so_and_offers_a_new_one(self, client: Client, link: str, order: Order) -> None:
        with later(days=30, minutes=1):
            answer = client.get(link)
            html = answer.content.decode()
            assert answer.status_code == 410
            assert "This link has expired" in html
            assert "Links to orders work for 30 days" in html
            assert "Email me a new link" in html
            assert ADDRESS.lower() not in html.lower()
            assert client.get(f"/orders/{order.public_id}/")["Location"].startswith("/accounts/login/")

    def test_the_new_one_goes_to_the_address_on_file_and_shows_it_to_nobody(
        self, client: Client, link: str, order: Order, mailoutbox, django_capture_on_commit_callbacks
    ) -> None:
        with later(days=31), django_capture_on_commit_callbacks(execute=True):
            answer = client.post(link)
            html = answer.content.decode()
            assert "A new link is on its way" in html
            assert ADDRESS.lower() not in html.lower()
        with later(days=31):
            assert [mail.to for mail in mailoutbox[-1:]] == [[ADDRESS.lower()]]
            new = guest_links.link_of(order)
            assert new in mailoutbox[-1].body
            assert "The links work for 30 days" in mailoutbox[-1].body
            assert client.get(new.removeprefix("http://testserver")).status_code == 302

    def test_not_too_often(self, client: Client, link: str) -> None:
        with later(days=31):
            for _ in range(5):
                client.post(link)
        assert LinkRequest.objects.count() == 3

    def test_a_renewed_one_ends_so_too(self, client: Client, link: str, order: Order) -> None:
        guests.renew_links(guest=order.buyer, at=clock.now())
        assert client.get(link).status_code == 410

    def test_once_claimed_nothing_is_sent(self, client: Client, link: str, order: Order) -> None:
        guests.claim(actor=make_reader(), guest_id=order.buyer.public_id, link_version=1, at=clock.now())
        assert client.get(link).status_code == 410
        answer = client.post(link)
        assert "unless the books have since been added to an account" in answer.content.decode()
        assert not LinkRequest.objects.exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_made_up_ones_are_nowhere(self, client: Client, order: Order, method: str) -> None:
        now = int(clock.now().timestamp())
        endless = signing.Signer(salt="storefront.guest_order").sign(f"{order.public_id}.1")
        for made_up in ("x", f"{order.public_id}.1.{now}:abc", f"{order.public_id}.1:abc", endless):
            assert getattr(client, method)(f"/orders/open/{made_up}/").status_code == 404
        assert not LinkRequest.objects.exists()

    def test_asking_needs_a_token_of_the_form(self, link: str) -> None:
        assert Client(enforce_csrf_checks=True).post(link).status_code == 403


class TestWhatItMay:
    def claim(self, client: Client, order: Order) -> int:
        return client.post("/orders/claim/", {"guest": order.buyer.public_id}).status_code

    def test_an_older_one_reads_and_gives_back(self, client: Client, link: str, order: Order) -> None:
        with later(days=3):
            client.get(link)
            page = client.get(f"/orders/{order.public_id}/").content.decode()
            assert "The Lighthouse" in page
            client.post(f"/orders/{order.public_id}/lines/{order.lines.get().public_id}/refund/", {"reason": ""})
        assert Refund.objects.count() == 1

    def test_an_older_one_puts_nothing_into_an_account(self, client: Client, link: str, order: Order) -> None:
        client.force_login(make_reader())
        with later(days=2):
            client.get(link)
            page = client.get(f"/orders/{order.public_id}/").content.decode()
            assert "Add to my library" not in page
            assert "open a link we emailed within the last day" in page
            assert self.claim(client, order) == 404
        assert Entitlement.objects.get().user == order.buyer

    def test_one_that_was_just_mailed_does(self, client: Client, order: Order) -> None:
        person = make_reader()
        client.force_login(person)
        with later(days=20):
            client.get(guest_links.link_of(order).removeprefix("http://testserver"))
            with later(hours=23):
                assert "Add to my library" in client.get(f"/orders/{order.public_id}/").content.decode()
                assert self.claim(client, order) == 302
        assert Entitlement.objects.get().user == person

    def test_but_not_for_good(self, client: Client, link: str, order: Order) -> None:
        client.force_login(make_reader())
        client.get(link)
        with later(hours=25):
            assert self.claim(client, order) == 404

    def test_a_confirmed_address_needs_no_new_link(self, client: Client, link: str, order: Order) -> None:
        person = make_reader()
        confirm(person, ADDRESS.lower())
        client.force_login(person)
        with later(days=2):
            client.get(link)
            assert "Add to my library" in client.get(f"/orders/{order.public_id}/").content.decode()
            assert self.claim(client, order) == 302

    def test_nor_does_the_browser_that_paid(self, client: Client, book) -> None:  # type: ignore[no-untyped-def]
        order, _ = purchase(client, book, email="slip@example.org")
        with later(days=2):
            client.get(guest_links.link_of(order).removeprefix("http://testserver"))
        with later(days=5):
            client.force_login(make_reader())
            assert self.claim(client, order) == 302
        assert Guest.objects.get().claimed_at is not None
        assert not User.objects.get(pk=order.buyer_id).is_active
