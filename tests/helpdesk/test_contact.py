"""The contact form, the page of staff it leads to, and the answer by mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import AuditEntry, User
from common.errors import NotAllowed
from helpdesk import selectors, services
from helpdesk.errors import RequestClosed
from helpdesk.models import ContactRequest
from helpdesk.services import account_deletion
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import Order
from tests.conftest import NOON
from tests.factories.accounts import make_finance, make_moderator, make_operator, make_reader
from tests.factories.buying import buy, make_book
from tests.factories.guests import buy_as_guest

pytestmark = pytest.mark.django_db

BODY = "I paid on Monday and the book is not there.\n\nWhat now?"


@pytest.fixture(autouse=True)
def _no_earlier_tries(settings: Any) -> None:
    cache.clear()
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def reader() -> User:
    return make_reader(email="reader@example.org", language="de")


@pytest.fixture
def order(reader: User) -> Order:
    return buy(reader, make_book())


def asked(**told: Any) -> ContactRequest:
    told = {"writer": None, "email": "a@example.org", "topic": "other", "order": None, "named_order": ""} | told
    return services.send_request(**{"body": BODY, "at": NOON} | told)


class TestContact:
    def test_a_reader_chooses_one_of_their_orders(self, client: Client, reader: User, order: Order) -> None:
        client.force_login(reader)
        page = client.get(f"/contact/?order={order.public_id}").content.decode()
        assert f'<option value="{order.public_id}" selected>' in page
        assert 'name="email"' not in page
        form = {"topic": "order", "order": order.public_id, "body": BODY}
        assert client.post("/contact/", form)["Location"] == "/contact/sent/"
        request = ContactRequest.objects.get()
        assert (request.user, request.order, request.email) == (reader, order, "reader@example.org")
        assert (request.body, request.language) == (BODY, "de")

    def test_somebody_elses_order_is_no_choice(self, client: Client, reader: User, order: Order) -> None:
        theirs = buy(make_reader(), make_book())
        client.force_login(reader)
        answer = client.post("/contact/", {"topic": "order", "order": theirs.public_id, "body": BODY})
        assert answer.status_code == 422
        assert not ContactRequest.objects.exists()

    def test_a_guest_chooses_the_order_whose_link_they_opened(self, client: Client) -> None:
        order = buy_as_guest(email="guest@example.org")
        client.get(guest_links.link_of(order).removeprefix(settings.SITE_URL))
        page = client.get("/contact/").content.decode()
        assert order.public_id in page
        assert 'value="guest@example.org"' in page
        form = {"topic": "order", "order": order.public_id, "email": "guest@example.org", "body": BODY}
        client.post("/contact/", form)
        assert ContactRequest.objects.get().order == order

    def test_an_order_number_is_attached_to_its_own_address_alone(self, client: Client) -> None:
        order = buy_as_guest(email="guest@example.org")
        for email in ("guest@example.org", "mallory@example.org"):
            form = {"topic": "order", "named_order": order.public_id, "email": email, "body": BODY}
            assert client.post("/contact/", form).status_code == 302
        right, wrong = ContactRequest.objects.order_by("pk")
        assert (right.order, right.named_order) == (order, "")
        assert (wrong.order, wrong.named_order) == (None, order.public_id)

    def test_what_was_typed_stays(self, client: Client) -> None:
        answer = client.post("/contact/", {"topic": "order", "email": "nobody", "body": BODY, "named_order": "ord_1"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "What now?</textarea>" in page
        assert 'value="nobody"' in page
        assert 'value="ord_1"' in page

    def test_too_many_are_told_so_and_lose_nothing(self, client: Client) -> None:
        form = {"topic": "other", "email": "a@example.org", "body": BODY}
        codes = [client.post("/contact/", form).status_code for _time in range(11)]
        assert codes == [302] * 10 + [429]
        assert 'What now?"' in client.post("/contact/", form).content.decode()

    def test_programs_that_fill_in_everything_are_heard_by_nobody(self, client: Client) -> None:
        form = {"topic": "other", "email": "a@example.org", "body": "Buy!", "website": "https://spam.example"}
        assert client.post("/contact/", form)["Location"] == "/contact/sent/"
        assert not ContactRequest.objects.exists()

    def test_takes_no_form_of_another_site(self) -> None:
        client = Client(enforce_csrf_checks=True)
        assert client.post("/contact/", {"topic": "other", "email": "a@b.org", "body": BODY}).status_code == 403

    def test_the_shops_own_address_is_told(self, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
        settings.SUPPORT_EMAIL = "help@example.org"
        with django_capture_on_commit_callbacks(execute=True):
            request = asked()
        (told,) = mail.outbox
        assert told.to == ["help@example.org"]
        assert f"{settings.SITE_URL}/finance/requests/{request.public_id}/" in told.body


class TestRequests:
    def test_those_that_wait_longest_come_first_with_their_age(self, client: Client, order: Order) -> None:
        asked(body="Later", at=NOON - timedelta(hours=1))
        asked(body="Earlier", at=NOON - timedelta(days=3), email=order.buyer.email, order=order)
        client.force_login(make_finance())
        page = client.get("/finance/requests/").content.decode()
        assert page.index("Earlier") < page.index("Later")
        assert "3\xa0days" in page
        assert f"/finance/orders/{order.public_id}/" in page

    def test_the_navigation_counts_them(self, client: Client) -> None:
        asked()
        client.force_login(make_operator())
        assert '<span class="badge">1' in client.get("/finance/").content.decode()

    @pytest.mark.parametrize("make", [make_reader, make_moderator])
    def test_others_know_of_no_such_page(self, client: Client, make: Any) -> None:
        request = asked()
        client.force_login(make())
        for path in ("/finance/requests/", f"/finance/requests/{request.public_id}/"):
            assert client.get(path).status_code == 404
        with pytest.raises(NotAllowed):
            services.answer_request(actor=make(), public_id=request.public_id, answer="No.", at=NOON)

    def test_are_found_by_words_and_state(self, client: Client) -> None:
        request = asked(body="About a whale")
        services.close_request(actor=make_finance(), public_id=request.public_id, at=NOON)
        asked(body="About a ship")
        found = selectors.requests_by
        assert [one.body for one in found()] == ["About a ship"]
        assert [one.body for one in found(state="closed", text="whale")] == ["About a whale"]
        assert not found(state="answered").exists()


class TestAnswer:
    def test_goes_by_mail_in_the_readers_language(
        self, client: Client, reader: User, order: Order, django_capture_on_commit_callbacks: Any
    ) -> None:
        request = asked(writer=reader, email=reader.email, topic="order", order=order)
        client.force_login(make_finance())
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(f"/finance/requests/{request.public_id}/", {"answer": "Es ist jetzt da."})
        assert answer["Location"] == "/finance/requests/"
        (sent,) = mail.outbox
        assert sent.to == ["reader@example.org"]
        assert sent.subject == "Re: Ihre Nachricht vom 24. November 2026"
        assert "Es ist jetzt da." in sent.body
        assert "> I paid on Monday" in sent.body
        assert f"{settings.SITE_URL}/de-de/orders/{order.public_id}/" in sent.body
        request.refresh_from_db()
        assert (request.answer, request.closed_at) == ("Es ist jetzt da.", NOON)
        assert selectors.count_open() == 0
        assert AuditEntry.objects.filter(verb="contact.answered", subject_id=request.public_id).exists()

    def test_to_a_guest_leads_to_their_order(self, django_capture_on_commit_callbacks: Any) -> None:
        order = buy_as_guest(email="guest@example.org")
        theirs = asked(email="Guest@Example.org", order=order)
        others = asked(email="friend@example.org", order=order)
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            for request in (theirs, others):
                services.answer_request(actor=make_finance(), public_id=request.public_id, answer="So.", at=NOON)
        to_guest, to_friend = (str(sent.body) for sent in mail.outbox)
        assert "/orders/open/" in to_guest
        assert "/orders/open/" not in to_friend
        assert f"/orders/{order.public_id}/" in to_friend

    def test_somebody_was_quicker(self, client: Client) -> None:
        request = asked()
        services.close_request(actor=make_finance(), public_id=request.public_id, at=NOON)
        with pytest.raises(RequestClosed):
            services.answer_request(actor=make_finance(), public_id=request.public_id, answer="Late.", at=NOON)
        client.force_login(make_finance())
        page = client.post(f"/finance/requests/{request.public_id}/", {"answer": "A long answer."})
        assert page.status_code == 422
        assert "A long answer.</textarea>" in page.content.decode()
        assert mail.outbox == []

    def test_is_forgotten_after_two_years(self) -> None:
        request = asked()
        services.close_request(actor=make_finance(), public_id=request.public_id, at=NOON)
        account_deletion.forget(NOON + timedelta(days=730))
        assert ContactRequest.objects.exists()
        account_deletion.forget(NOON + timedelta(days=731))
        assert not ContactRequest.objects.exists()
