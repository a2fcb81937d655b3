"""Share links: where they lead, what they carry to the order, and who makes them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from common import clock
from common.errors import NotAllowed
from insight.events.errors import LabelTaken, TooManyLinks
from insight.events.models import Event, EventKind, ShareLink
from insight.events.services import links
from publishing.models import Edition
from storefront.checkout.models import CartLine, OrderLine
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import place_order
from tests.factories.insight import make_link
from tests.factories.publishing import make_contributor, make_published_edition

pytestmark = pytest.mark.both
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def lamp(db: None) -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp")


def add(client: Client, edition: Edition, *, referrer: str = "", **form: str) -> None:
    told = {"edition": edition.public_id, "currency": "USD", **form}
    headers = OURS | ({"referer": referrer} if referrer else {})
    assert client.post("/cart/add/", told, headers=headers).status_code == 302


class TestALink:
    def test_leads_to_the_page_with_its_code(self, client: Client, lamp: Edition) -> None:
        make_link(lamp.work)
        response = client.get("/l/abcdefgh/")
        assert (response.status_code, response["Location"]) == (302, "/books/the-lamp/?via=abcdefgh")
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]
        assert not Event.objects.exists()

    def test_an_unknown_one_is_no_page(self, client: Client, db: None) -> None:
        assert client.get("/l/nothing1/").status_code == 404

    def test_the_page_is_the_same_with_and_without_the_code(self, client: Client, lamp: Edition) -> None:
        """So that the proxy caches it once, and whoever comes next brings nobody's code."""
        plain, led = client.get("/books/the-lamp/"), client.get("/books/the-lamp/?via=abcdefgh")
        assert plain.content == led.content
        assert plain["ETag"] == led["ETag"]


class TestWhatItCarries:
    def test_the_form_s_code_goes_to_the_order_line(self, client: Client, lamp: Edition) -> None:
        make_link(lamp.work)
        reader = make_reader()
        client.force_login(reader)
        add(client, lamp, via="abcdefgh")
        order = place_order(reader)
        assert OrderLine.objects.get(order=order).via == "abcdefgh"

    def test_without_scripts_the_page_s_address_has_it(self, client: Client, lamp: Edition) -> None:
        add(client, lamp, referrer="http://testserver/books/the-lamp/?via=abcdefgh")
        assert CartLine.objects.get().via == "abcdefgh"

    @pytest.mark.parametrize("via", ["x" * 13, "<script>", "ABC", "a b"])
    def test_nothing_but_a_code_is_kept(self, client: Client, lamp: Edition, via: str) -> None:
        add(client, lamp, via=via)
        assert CartLine.objects.get().via == ""

    def test_the_first_code_stays_when_the_book_is_added_again(self, client: Client, lamp: Edition) -> None:
        add(client, lamp, via="abcdefgh")
        add(client, lamp)
        assert CartLine.objects.get().via == "abcdefgh"

    def test_a_cart_is_counted_once_with_its_link(self, client: Client, lamp: Edition) -> None:
        make_link(lamp.work)
        add(client, lamp, via="abcdefgh")
        add(client, lamp, via="abcdefgh")
        event = Event.objects.get()
        assert (event.kind, event.source, event.visitor) == (EventKind.CART, "l/abcdefgh", None)

    def test_one_s_own_cart_is_not_counted(self, client: Client, lamp: Edition) -> None:
        coauthor = make_author()
        make_contributor(lamp.work, user=coauthor)
        client.force_login(coauthor)
        add(client, lamp)
        assert not Event.objects.exists()


class TestMakeLink:
    def test_makes_one_that_can_be_read_aloud(self, lamp: Edition) -> None:
        made = links.make_link(actor=lamp.work.owner, work=lamp.work, label="Newsletter", at=clock.now())
        assert re.fullmatch(r"[a-km-np-z2-9]{8}", made.code)

    def test_refuses_others(self, lamp: Edition) -> None:
        coauthor = make_author()
        make_contributor(lamp.work, user=coauthor)
        for person in (coauthor, make_author(), make_reader()):
            with pytest.raises(NotAllowed):
                links.make_link(actor=person, work=lamp.work, label="Newsletter", at=clock.now())
        assert not ShareLink.objects.exists()

    def test_refuses_a_name_twice(self, lamp: Edition) -> None:
        make_link(lamp.work)
        with pytest.raises(LabelTaken):
            links.make_link(actor=lamp.work.owner, work=lamp.work, label="Newsletter", at=clock.now())

    def test_refuses_more_than_fifty(self, lamp: Edition) -> None:
        for number in range(50):
            make_link(lamp.work, code=f"code{number}", label=str(number))
        with pytest.raises(TooManyLinks):
            links.make_link(actor=lamp.work.owner, work=lamp.work, label="One more", at=clock.now())
