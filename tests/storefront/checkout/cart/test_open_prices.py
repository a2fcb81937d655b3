"""Prices that readers choose, and currencies without or with three places."""

from __future__ import annotations

import pytest

from accounts import regions
from common import clock
from common.money import Money
from publishing import errors as publishing_errors
from publishing import services as publishing_services
from publishing.models import Price
from publishing.price_forms import PriceForm
from publishing.services import OpenPrice
from royalties.errors import PriceTooLow
from royalties.models import ProcessorFeeSchedule, RoyaltyTerms, SaleRecord
from royalties.services.invariants import check_invariants
from storefront.catalogue import errors as catalogue_errors
from storefront.catalogue.models import Listing
from storefront.checkout import errors
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.models import CartLine, OrderState
from storefront.library.services import wishlists
from storefront.search.services import reindexing
from tests.factories.buying import buy, fill_cart, make_book, place_order
from tests.factories.offers import balances, pay
from tests.factories.publishing import make_published_edition, make_work

pytestmark = pytest.mark.django_db


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def open_up(edition, **prices):
    wanted = {currency: OpenPrice(*amounts) for currency, amounts in prices.items()}
    publishing_services.set_prices(actor=edition.work.owner, work=edition.work, prices=wanted, at=clock.now())
    return edition


def quote(reader):
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    return quotes.quote_cart(actor=reader, cart=cart, country="US", at=clock.now())


def choose(reader, amount):
    line = CartLine.objects.get(cart__user=reader)
    reader.cart.refresh_from_db()
    amounts = {line.public_id: amount}
    for problem in carts.choose_prices(cart=reader.cart, currency=reader.cart.currency, amounts=amounts):
        raise problem


class TestPages:
    """Open in euro, fixed in dollars: each region shows what its currency has."""

    @pytest.fixture
    def tide(self):
        edition = make_published_edition(work=make_work(slug="tide", title="Tide", prices={"USD": 499}))
        prices = {"USD": 499, "EUR": OpenPrice(300, 700)}
        publishing_services.set_prices(actor=edition.work.owner, work=edition.work, prices=prices, at=clock.now())
        return edition

    @pytest.mark.parametrize("path", ["books/", "search/?q=tide"])
    def test_cards(self, client, tide, path):
        assert "from €3.00" in read(client, f"/en-ie/{path}")
        page = read(client, f"/{path}")
        assert "$4.99" in page
        assert "from $4.99" not in page

    def test_beside_another_book(self, client, tide):
        make_published_edition(work=make_work(owner=tide.work.owner, slug="ebb", title="Ebb"))
        assert "from €3.00" in read(client, "/en-ie/books/ebb/")

    def test_the_books_page(self, client, tide):
        page = read(client, "/en-ie/books/tide/")
        assert "from €3.00" in page
        assert 'value="7.00"' in page
        page = read(client, "/books/tide/")
        assert "Your price" not in page
        assert "of this goes to the author" in page

    def test_what_costs_nothing_at_least_can_be_given_where_it_is_open(self, client, tide):
        prices = {"USD": 0, "EUR": OpenPrice(0, 700)}
        publishing_services.set_prices(actor=tide.work.owner, work=tide.work, prices=prices, at=clock.now())
        page = read(client, "/en-ie/books/tide/")
        assert "Pay what you want" in page
        assert "Give as a gift" in page
        page = read(client, "/books/tide/")
        assert "Free" in page
        assert "Give as a gift" not in page

    def test_the_wish_list(self, client, reader, tide):
        with regions.active(regions.region("en", "IE")):
            wishlists.add_wish(actor=reader, slug="tide", at=clock.now())
        client.force_login(reader)
        assert "from €3.00" in read(client, "/wishlist/")

    def test_onix_says_it_of_its_currency(self, client, tide):
        page = read(client, "/books/tide/onix.xml")
        prices = [one for one in page.split("<Price>")[1:] if "<PriceType>02" in one]
        assert {("USD" in one): ("Readers choose" in one) for one in prices} == {True: False, False: True}

    def test_is_written_anew_for_listings_of_before(self, tide):
        Listing.objects.update(open_in="")
        assert list(reindexing.reindex_listings()) == [(1, 1)]
        assert Listing.objects.get().open_in == "EUR"


class TestChoosing:
    def test_the_suggestion_is_asked_until_the_reader_chooses(self, reader, book):
        fill_cart(reader, open_up(book, USD=(300, 700)))
        assert quote(reader).total == Money(700, "USD")
        choose(reader, 1000)
        order = pay(place_order(reader))
        assert (order.total_minor, order.lines.get().royalty_minor) == (1000, 1000 - 59 - 80)
        assert check_invariants() == []

    def test_without_a_suggestion_the_least_is_asked(self, reader, book):
        fill_cart(reader, open_up(book, USD=(300,)))
        assert quote(reader).total == Money(300, "USD")

    def test_less_than_the_least_is_refused_in_the_cart_and_at_checkout(self, reader, book):
        fill_cart(reader, open_up(book, USD=(300, 700)))
        with pytest.raises(errors.PriceBelowMinimum, match=r"\$3.00"):
            choose(reader, 299)
        choose(reader, 350)
        Price.objects.update(list_price_minor=400)
        with pytest.raises(errors.PriceBelowMinimum, match=r"\$4.00"):
            quote(reader)

    def test_the_form_of_a_fixed_price_changes_nothing(self, reader, book):
        fill_cart(reader, book)
        choose(reader, 1)
        assert quote(reader).total == Money(499, "USD")

    def test_nothing_may_be_paid_where_the_least_is_nothing(self, reader, book):
        fill_cart(reader, open_up(book, USD=(0, 500)))
        choose(reader, 0)
        assert place_order(reader).state == OrderState.PAID
        assert SaleRecord.objects.get().royalty_minor == 0

    @pytest.mark.parametrize("amount", [1, 49])
    def test_between_nothing_and_what_cards_take_is_refused_with_advice(self, reader, book, amount):
        fill_cart(reader, open_up(book, USD=(0, 500)))
        choose(reader, amount)
        with pytest.raises(errors.TotalBelowMinimum, match=r"at least \$0\.50"):
            quote(reader)
        choose(reader, 50)
        assert quote(reader).total == Money(50, "USD")

    def test_too_much_is_a_slip(self, reader, book):
        fill_cart(reader, open_up(book, USD=(0, 500)))
        with pytest.raises(catalogue_errors.PriceTooHigh):
            choose(reader, 100_001)

    def test_the_digest_knows_the_amount(self, reader, book):
        fill_cart(reader, open_up(book, USD=(300, 700)))
        before = quote(reader).digest
        choose(reader, 701)
        assert quote(reader).digest != before

    def test_another_currency_is_chosen_anew(self, reader, book):
        fill_cart(reader, open_up(book, USD=(300, 700), EUR=(200, 600)))
        choose(reader, 5000)
        carts.set_currency(cart=reader.cart, currency="EUR", at=clock.now())
        assert quote(reader).total == Money(600, "EUR")

    def test_the_author_is_told_exactly_what_the_sale_brings(self, reader, book):
        open_up(book, USD=(0, 500))
        for amount in (50, 499, 1234):
            net = quotes.author_net(edition=book, amount=Money(amount, "USD"), at=clock.now())
            CartLine.objects.all().delete()
            fill_cart(reader, book)
            choose(reader, amount)
            assert quote(reader).lines[0].breakdown.royalty == net


class TestSetting:
    def set(self, book, least, suggested):
        open_up(book, USD=(least, suggested))

    def test_refuses_a_suggestion_below_the_least_and_one_that_pays_nobody(self, book):
        with pytest.raises(publishing_errors.SuggestionTooLow):
            self.set(book, 500, 400)
        with pytest.raises(PriceTooLow):
            self.set(book, 0, 20)
        with pytest.raises(PriceTooLow):
            self.set(book, 20, 500)

    def test_a_fixed_price_forgets_that_it_was_open(self, book):
        self.set(book, 300, 700)
        publishing_services.set_prices(actor=book.work.owner, work=book.work, prices={"USD": 400}, at=clock.now())
        price = Price.objects.get()
        assert (price.list_price_minor, price.is_open, price.suggested_minor) == (400, False, None)


class TestPlaces:
    """T7: the yen has no minor unit, the dinar of Kuwait has a thousand."""

    @pytest.fixture
    def dinar(self, settings):
        settings.CURRENCIES = (*settings.CURRENCIES, "KWD")
        since = clock.now().replace(year=2020)
        RoyaltyTerms.objects.create(name="T", currency="KWD", effective_at=since, platform_fee_bps=800)
        fees = {"rate_bps": 290, "fixed_minor": 90, "source": "a test"}
        ProcessorFeeSchedule.objects.create(currency="KWD", effective_at=since, **fees)

    def form(self, book, **values):
        form = PriceForm(values, work=book.work)
        return form.prices if form.is_valid() else form.errors

    def test_t7_a_price_in_yen_is_whole(self, book):
        assert self.form(book, JPY="980")["JPY"] == 980
        assert "JPY" in self.form(book, JPY="980.5")

    def test_t7_a_price_in_dinars_has_three_places(self, book, dinar):
        assert self.form(book, KWD="1.234")["KWD"] == 1234
        assert "KWD" in self.form(book, KWD="1.2345")

    def test_t7_a_sale_in_yen(self, reader):
        order = buy(reader, make_book(prices={"JPY": 980}), currency="JPY", country="JP")
        line = order.lines.get()
        assert Money(order.total_minor, "JPY").format("en") == "¥980"
        # 3.6 % card fee, no fixed part; 8 % of the price without tax
        fee, net = 35, 980 - line.tax_minor
        assert line.processor_fee_minor == fee
        assert line.royalty_minor == net - fee - line.platform_fee_minor
        assert balances("JPY")["contributor_clearing"] == -line.royalty_minor
        assert check_invariants() == []

    def test_t7_yen_have_a_least_charge_of_their_own(self, reader):
        fill_cart(reader, make_book(prices={"JPY": 49}), currency="JPY")
        with pytest.raises(errors.TotalBelowMinimum, match="¥50"):
            quote(reader)

    def test_t7_a_quote_in_dinars_adds_up_to_the_fils(self, reader, dinar):
        fill_cart(reader, make_book(prices={"KWD": 1499}), make_book(prices={"KWD": 2501}), currency="KWD")
        offer = quote(reader)
        assert str(offer.total) == "4.000 KWD"
        for line in offer.lines:
            part = line.breakdown
            parts = (part.tax, part.processor_fee, part.platform_fee, part.royalty)
            assert sum(money.amount_minor for money in parts) == line.paid.amount_minor
