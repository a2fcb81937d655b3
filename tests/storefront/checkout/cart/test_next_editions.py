"""Pages that stayed open, or came from a cache, while the author published the next edition."""

from __future__ import annotations

import pytest

from common import clock
from publishing.models import EditionState
from storefront.catalogue.services import listings
from storefront.checkout import errors
from storefront.checkout.cart.services import carts
from storefront.checkout.models import CartLine, OrderLine
from tests.factories.buying import add_edition, make_book
from tests.factories.offers import add_gift, give, make_awaited, publish, token_of
from tests.factories.publishing import make_edition, make_published_edition
from tests.storefront.checkout.cart.test_currencies import press, read
from tests.storefront.checkout.orders.test_views import add
from tests.storefront.library.test_views_watching import wish

pytestmark = pytest.mark.django_db


class TestAnOpenPage:
    def test_of_the_book_puts_what_is_sold_now_into_the_cart(self, client):
        page_of = make_published_edition(slug="lamp")
        page = read(client, "/books/lamp/")
        newest = add_edition(page_of.work)
        assert press(client, page)["Location"] == "/cart/"
        assert CartLine.objects.get().edition == newest
        assert "no longer on sale" not in read(client, "/cart/")

    def test_of_the_wish_list_too(self, signed_in, book):
        listings.refresh_listing(book)
        wish(signed_in, book)
        page = read(signed_in, "/wishlist/")
        newest = add_edition(book.work)
        press(signed_in, page)
        assert CartLine.objects.get().edition == newest

    def test_of_the_work_s_draft_that_is_out_meanwhile(self, client):
        draft = make_awaited()
        page = read(client, f"/books/{draft.work.slug}/")
        publish(draft)
        newest = add_edition(draft.work)
        press(client, page)
        assert CartLine.objects.get().edition == newest

    def test_says_what_it_costs_in_the_cart_s_currency(self, client):
        book = make_book(prices={"EUR": 450, "USD": 499})
        add(client, make_book(title="Before"), currency="USD")
        newest = add_edition(book.work)
        add(client, book, currency="EUR")
        assert CartLine.objects.filter(edition=newest).exists()
        assert "“The Lighthouse” costs $4.99" in read(client, "/cart/")


def test_a_gift_is_what_is_sold_now(reader, book):
    newest = add_edition(book.work)
    add_gift(reader, book)
    assert CartLine.objects.get().edition == newest


def test_a_gift_becomes_what_is_sold_now(signed_in):
    gift, other = give(), make_book(title="The Letter")
    newest = add_edition(other.work)
    signed_in.post(f"/gifts/{token_of(gift)}/swap/", {"edition": other.pk})
    assert OrderLine.objects.get().edition == newest


def test_what_is_on_sale_comes_before_a_draft(reader, book):
    make_edition(work=book.work, number=2, state=EditionState.DRAFT)
    book.work.release_date = clock.now().date().replace(year=2027)
    book.work.save()
    carts.add_edition(actor=reader, cart_id="", edition_id=book.public_id, currency="USD", at=clock.now())
    assert CartLine.objects.get().edition == book


@pytest.mark.parametrize("state", [EditionState.WITHDRAWN, EditionState.SUPERSEDED])
def test_what_is_not_sold_any_more_is_told_by_its_title(reader, book, state):
    newest = add_edition(book.work)
    newest.state = state
    newest.save()
    with pytest.raises(errors.NotOnSale, match="The Lighthouse"):
        carts.add_edition(actor=reader, cart_id="", edition_id=book.public_id, currency="USD", at=clock.now())
