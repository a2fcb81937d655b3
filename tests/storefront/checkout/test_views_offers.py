"""The pages of codes, bundles, gifts, pre-orders and open prices, without JavaScript; and who may see which."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from publishing import services as publishing_services
from publishing.services import OpenPrice
from storefront.catalogue.models import Bundle, BundleState
from storefront.checkout.models import (
    CartLine,
    Coupon,
    Entitlement,
    Gift,
    Order,
    OrderLine,
    Refund,
    RefundOrigin,
    RefundState,
)
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator, make_reader
from tests.factories.buying import fill_cart, make_book, place_order
from tests.factories.offers import (
    add_gift,
    give,
    make_author_coupon,
    make_awaited,
    make_bundle,
    make_platform_coupon,
    pay,
    publish,
    token_of,
    use_code,
)
from tests.factories.publishing import make_published_edition
from tests.storefront.checkout.orders.test_views import FROM_HERE, hidden

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def html(answer):
    return answer.content.decode()


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def shown(db):
    """A book with a page in the shop."""
    return make_published_edition(slug="lamp")


class TestOpenPrice:
    @pytest.fixture
    def open_book(self, shown):
        prices = {"USD": OpenPrice(300, 700)}
        publishing_services.set_prices(actor=shown.work.owner, work=shown.work, prices=prices, at=clock.now())
        return shown

    def test_the_book_page_asks_and_the_cart_takes_it(self, client, open_book):
        page = html(client.get("/books/lamp/"))
        assert "from $3.00" in page
        assert 'value="7.00"' in page
        wish = {"edition": open_book.public_id, "amount": "9,50", "currency": "USD"}
        client.post("/cart/add/", wish, headers=FROM_HERE)
        assert CartLine.objects.get().chosen_minor == 950
        cart = html(client.get("/cart/"))
        assert "$9.50" in cart
        assert "of this goes to the author" in cart

    def test_too_little_is_told(self, client, open_book):
        wish = {"edition": open_book.public_id, "amount": "1", "currency": "USD"}
        assert "The minimum price for" in html(client.post("/cart/add/", wish, headers=FROM_HERE, follow=True))

    def test_the_cart_changes_it(self, client, open_book):
        client.post("/cart/add/", {"edition": open_book.public_id}, headers=FROM_HERE)
        line = CartLine.objects.get()
        chosen = {"line": line.public_id, "currency": "USD"}
        client.post("/cart/price/", chosen | {"amount": "8"})
        line.refresh_from_db()
        assert line.chosen_minor == 800
        assert "not a valid amount" in html(client.post("/cart/price/", chosen | {"amount": "much"}, follow=True))

    def test_the_net_is_a_page_and_a_fragment(self, client, open_book):
        page, part = (
            html(client.get("/books/lamp/net/?amount=5", headers=headers)) for headers in ({}, {"HX-Request": "true"})
        )
        assert "$4.16" in page or "$4.15" in page
        assert "<h1>" in page
        assert "<h1>" not in part
        assert client.get("/books/lamp/net/?amount=5&currency=XXX").status_code == 404
        assert "not a valid amount" in html(client.get("/books/lamp/net/?amount=x"))


class TestCodes:
    def test_in_cart_and_checkout(self, signed_in, reader):
        author = make_author()
        coupon = make_author_coupon(author, code="SEA")
        fill_cart(reader, make_book(owner=author))
        cart = html(signed_in.post("/cart/code/", {"code": "sea"}, follow=True))
        assert "− $1.00" in cart
        page = html(signed_in.get("/checkout/?country=US"))
        assert "instead of $4.99" in page
        assert "The price includes the discount from the code SEA" in page
        assert "− $1.00" not in html(signed_in.post("/cart/code/", {"act": "remove"}, follow=True))
        assert coupon.claimed == 0

    def test_one_for_each_person_asks_a_visitor_to_log_in_and_is_used_then(self, client, reader):
        author = make_author()
        make_author_coupon(author, code="SEA", uses_per_person=1)
        asked = {"edition": make_book(owner=author).public_id}
        client.post("/cart/add/", asked, headers={"Sec-Fetch-Site": "same-origin"})
        cart = html(client.post("/cart/code/", {"code": "sea"}, follow=True))
        assert "is applied" not in cart
        assert "− $1.00" not in cart
        assert "Log in to use it" in cart
        assert 'href="/accounts/login/?next=/cart/"' in cart
        assert 'href="/checkout/"' not in cart
        client.force_login(reader)
        cart = html(client.get("/cart/"))
        assert "Coupon code SEA is applied." in cart
        assert "− $1.00" in cart

    def test_one_that_an_author_makes_without_more_is_for_everybody(self, client):
        author = make_author()
        desk = logged_in(author)
        assert 'name="uses_per_person" value' not in html(desk.get("/desk/coupons/"))
        desk.post("/desk/coupons/", {"code": "sea", "percent": "20"})
        asked = {"edition": make_book(owner=author).public_id}
        client.post("/cart/add/", asked, headers={"Sec-Fetch-Site": "same-origin"})
        client.post("/cart/code/", {"code": "sea"})
        assert "The price includes the discount from the code SEA" in html(client.get("/checkout/?country=US"))

    def test_the_platforms_are_for_one_use_unless_meant_otherwise(self):
        text = html(logged_in(make_finance()).get("/finance/coupons/"))
        assert 'name="uses_per_person" value="1"' in text

    def test_an_author_makes_and_stops_one(self):
        author = make_author()
        book, desk = make_book(owner=author), logged_in(author)
        wish = {"code": "tide-1", "percent": "12.5", "uses_limit": "3", "works": [book.work.public_id]}
        assert desk.post("/desk/coupons/", wish).status_code == 302
        coupon = Coupon.objects.get()
        assert (coupon.code, coupon.percent_bps, coupon.uses_limit, coupon.owner) == ("TIDE-1", 1250, 3, author)
        assert "TIDE-1" in html(desk.get("/desk/coupons/"))
        desk.post(reverse("checkout:author-coupon-stop", args=[coupon.public_id]))
        coupon.refresh_from_db()
        assert coupon.stopped_at is not None

    def test_somebody_elses_works_and_codes_are_not_there(self):
        mine, theirs = make_author(), make_author()
        coupon, desk = make_author_coupon(theirs), logged_in(mine)
        stolen = {"code": "STOLEN", "percent": "50", "works": [make_book(owner=theirs).work.public_id]}
        assert desk.post("/desk/coupons/", stolen).status_code == 422
        assert desk.post(reverse("checkout:author-coupon-stop", args=[coupon.public_id])).status_code == 404
        assert not Coupon.objects.filter(code="STOLEN").exists()

    @pytest.mark.parametrize(
        ("make", "status"),
        [(make_reader, 404), (make_author, 404), (make_moderator, 404), (make_finance, 200), (make_operator, 200)],
    )
    def test_the_platforms_are_finances(self, make, status):
        coupon, visitor = make_platform_coupon(), logged_in(make())
        known = 403 if make is make_moderator else status  # moderators hear that they may not
        assert visitor.get("/finance/coupons/").status_code == known
        assert visitor.get("/finance/gifts/").status_code == status
        made = visitor.post("/finance/coupons/", {"code": "OURS", "percent": "10"})
        assert (made.status_code == 302) == (make is make_finance)
        visitor.post(reverse("checkout:platform-coupon-stop", args=[coupon.public_id]))
        coupon.refresh_from_db()
        assert (coupon.stopped_at is not None) == (make is make_finance)

    def test_finance_sees_what_it_has_cost(self, reader):
        fill_cart(reader, make_book())
        use_code(reader, make_platform_coupon(code="OURS"))
        pay(place_order(reader))
        page = html(logged_in(make_finance()).get("/finance/coupons/"))
        assert "$1.00" in page


class TestBundles:
    def test_page_and_cart(self, client):
        author = make_author()
        books = [make_published_edition(owner=author, title=title) for title in ("The Lamp", "The Letter")]
        bundle = make_bundle(*books, price=800)
        page = html(client.get(f"/bundles/{bundle.slug}/"))
        assert "$8.00" in page
        assert "Bought separately, they cost $9.98" in page
        assert "The Coast" in html(client.get(f"/books/{books[0].work.slug}/"))
        client.post("/cart/add/", {"bundle": bundle.slug}, headers=FROM_HERE)
        assert "$8.00" in html(client.get("/cart/"))

    def test_a_draft_has_no_page(self, client):
        author = make_author()
        bundle = make_bundle(make_book(owner=author), make_book(owner=author), on_sale=False)
        assert client.get(f"/bundles/{bundle.slug}/").status_code == 404

    def test_two_authors_make_one(self):
        mine, theirs = make_author(), make_author()
        books = [make_published_edition(owner=mine, title="Mine"), make_published_edition(owner=theirs, title="Theirs")]
        desk, other = logged_in(mine), logged_in(theirs)
        desk.post("/desk/bundles/", {"title": "Both", "amount_USD": "8"})
        bundle = Bundle.objects.get()
        address = reverse("catalogue:bundle-edit", args=[bundle.public_id])
        assert "Mine" in html(desk.get(address))
        assert "Ask the author" in html(desk.get(address + "?q=theirs"))
        for edition in books:
            desk.post(
                reverse("catalogue:bundle-works", args=[bundle.public_id]),
                {"work": edition.work.public_id, "act": "add"},
            )
        assert "has not agreed yet" in html(desk.get(address))
        assert "would like to include “Theirs”" in html(other.get("/desk/bundles/"))
        assert other.get(address).status_code == 404
        answer = {"work": books[1].work.public_id, "act": "agree"}
        other.post(reverse("catalogue:bundle-answer", args=[bundle.public_id]), answer)
        desk.post(reverse("catalogue:bundle-list", args=[bundle.public_id]))
        bundle.refresh_from_db()
        assert bundle.state == BundleState.ON_SALE
        other.post(reverse("catalogue:bundle-answer", args=[bundle.public_id]), answer | {"act": "leave"})
        bundle.refresh_from_db()
        assert bundle.state == BundleState.DRAFT

    def test_readers_have_no_desk_of_bundles(self, signed_in):
        assert signed_in.get("/desk/bundles/").status_code == 404
        assert signed_in.get("/desk/coupons/").status_code == 404


class TestGifts:
    def test_from_the_book_to_the_friends_library(self, client, shown):
        giver, friend = make_reader(display_name="Rosa"), make_reader(country="US")
        client.force_login(giver)
        assert "Give this book as a gift" in html(client.get("/books/lamp/gift/"))
        client.post("/books/lamp/gift/", {"recipient": "friend@example.org", "message": "Read this"})
        page = html(client.get("/checkout/?country=US"))
        assert "a gift for friend@example.org" in page
        assert 'name="consent"' not in page
        client.post("/checkout/", {"country": "US", "digest": hidden(page, "digest"), "needs_consent": "False"})
        order = pay(Order.objects.get())
        token = token_of(Gift.objects.get())
        shown_order = html(client.get(f"/orders/{order.public_id}/"))
        assert f"/gifts/{token}/" in shown_order
        assert "when opened" in shown_order
        address = f"/gifts/{token}/"
        assert "Log in" in html(Client().get(address))
        other = logged_in(friend)
        assert "Read this" in html(other.get(address))
        assert other.post(address, {"country": "US"}).status_code == 422
        assert other.post(address, {"country": "US", "consent": "on"})["Location"] == "/library/"
        assert Entitlement.objects.get().user == friend
        assert "was redeemed on" in html(other.get(address))
        assert token not in html(client.get(f"/orders/{order.public_id}/"))

    def test_consent_cannot_be_talked_away(self, signed_in, reader, book):
        fill_cart(reader, book)
        page = html(signed_in.get("/checkout/?country=US"))
        signed_in.post("/checkout/", {"country": "US", "digest": hidden(page, "digest"), "needs_consent": "False"})
        assert not Order.objects.exists()

    def test_a_wrong_link_opens_nothing(self, signed_in):
        for address in ("/gifts/nothing/", "/gifts/nothing/swap/"):
            assert signed_in.get(address).status_code == 404

    def test_swapping(self, signed_in, shown):
        gift, other = give(edition=shown), make_published_edition(title="The Letter")
        address = f"/gifts/{token_of(gift)}/swap/"
        assert "The Letter" in html(signed_in.get(address))
        signed_in.post(address, {"edition": other.pk})
        assert OrderLine.objects.get().title == "The Letter"
        assert signed_in.post(address, {"edition": "x"}).status_code == 404

    def test_refuses_a_day_in_the_past(self, client, shown):
        wish = {"recipient": "a@example.org", "deliver_on": (clock.now() - timedelta(days=2)).date().isoformat()}
        assert client.post("/books/lamp/gift/", wish).status_code == 422

    def test_is_open_again_when_finance_declines_to_give_it_back(self, signed_in, shown):
        make_published_edition(title="The Letter")
        gift = give(edition=shown)
        address = f"/gifts/{token_of(gift)}/"
        refund = Refund.objects.create(
            line=gift.line,
            payment=gift.line.order.payments.get(),
            state=RefundState.PROPOSED,
            origin=RefundOrigin.STAFF,
            amount_minor=499,
            currency="USD",
            requested_at=clock.now(),
        )
        assert "Add to my library" not in html(signed_in.get(address))
        refunds.decline_refund(actor=make_finance(), refund=refund, at=clock.now())
        assert "Add to my library" in html(signed_in.get(address))
        assert "The Letter" in html(signed_in.get(f"{address}swap/"))
        assert signed_in.post(address, {"country": "US", "consent": "on"})["Location"] == "/library/"

    def test_taking_back_says_what_follows(self, signed_in, reader, book):
        line = give(reader, book).line
        page = html(signed_in.get(reverse("checkout:order-refund", args=[line.order.public_id, line.public_id])))
        assert "Take a gift back" in page


class TestOrderAhead:
    def test_shop_order_library_and_cancel_pages_tell_the_day(self, signed_in, reader):
        edition = make_awaited()
        page = html(signed_in.get(f"/books/{edition.work.slug}/"))
        assert "Out on 3 March 2027" in page
        assert "Pre-order" in page
        order = pay(place_order(reader, edition))
        shown = html(signed_in.get(f"/orders/{order.public_id}/"))
        assert "to your library on 3 March 2027" in shown
        assert "out on 3 March 2027" in html(signed_in.get("/library/"))
        line = order.lines.get()
        assert "Cancel a pre-order" in html(
            signed_in.get(reverse("checkout:order-refund", args=[order.public_id, line.public_id]))
        )

    def test_the_desk_announces_and_counts(self, reader):
        edition = make_awaited()
        pay(place_order(reader, edition))
        desk = logged_in(edition.work.owner)
        assert "<b" in html(desk.get(f"/desk/preorders/{edition.work.public_id}/"))
        assert logged_in(make_author()).get(f"/desk/preorders/{edition.work.public_id}/").status_code == 404
        address = reverse("work-release", args=[edition.work.public_id])
        assert "Announced for 3 March 2027" in html(desk.get(address))
        assert desk.post(address, {"day": "2027-04-01"}).status_code == 302
        assert desk.post(address, {"day": "2020-04-01"}).status_code == 422
        desk.post(address, {"act": "call-off"})
        edition.work.refresh_from_db()
        assert edition.work.release_date is None

    def test_once_out_it_is_a_book_like_others(self, client):
        edition = publish(make_awaited())
        page = html(client.get(f"/books/{edition.work.slug}/"))
        assert "Add to cart" in page
        assert "Out on" not in page


@pytest.mark.parametrize("number", [1, 4])
def test_an_orders_page_takes_a_fixed_number_of_queries(signed_in, reader, number, django_assert_num_queries):
    for place in range(number):
        add_gift(reader, make_book(), recipient=f"friend{place}@example.org")
        fill_cart(reader, make_awaited())
    order = pay(place_order(reader))
    with django_assert_num_queries(14):
        signed_in.get(f"/orders/{order.public_id}/")
