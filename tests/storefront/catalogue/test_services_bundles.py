"""Bundles: agreed to by every owner, sold at one price that is divided by list price, given back part by part."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from common.errors import NotAllowed, NotFound
from publishing import services as publishing_services
from publishing.models import Edition
from royalties.models import SaleRecord
from royalties.services.invariants import check_invariants
from storefront.catalogue import errors as catalogue_errors
from storefront.catalogue.models import BundleState, BundleWork
from storefront.catalogue.selectors import bundles as bundle_selectors
from storefront.catalogue.services import bundles
from storefront.checkout import errors
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.models import CartLine, Entitlement
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy, fill_cart, make_book, place_order
from tests.factories.guests import pay as pay_as_guest
from tests.factories.guests import place_as_guest, visitor_cart
from tests.factories.offers import balances, make_bundle, pay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


@pytest.fixture
def author():
    return make_author()


@pytest.fixture
def books(author):
    """Three of one author, at 3.00, 4.00 and 5.00."""
    return [make_book(owner=author, title=f"Book {price}", prices={"USD": price}) for price in (300, 400, 500)]


def add(reader, bundle, currency="USD"):
    carts.add_bundle(actor=reader, cart_id="", slug=bundle.slug, currency=currency, at=clock.now())


def quote(reader):
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    return quotes.quote_cart(actor=reader, cart=cart, country="US", at=clock.now())


def paid(reader):
    return [line.paid.amount_minor for line in quote(reader).lines]


class TestSelling:
    def test_the_price_is_divided_by_list_price(self, reader, books):
        add(reader, make_bundle(*books, price=1000))
        assert paid(reader) == [250, 333, 417]
        order = pay(place_order(reader))
        assert order.total_minor == 1000
        assert Entitlement.objects.count() == SaleRecord.objects.count() == 3
        assert {line.bundle.title for line in order.lines.all()} == {"The Coast"}
        assert not CartLine.objects.exists()
        assert check_invariants() == []

    def test_each_part_goes_to_its_own_author(self, reader, author):
        other = make_author()
        mine, theirs = make_book(owner=author), make_book(owner=other)
        add(reader, make_bundle(mine, theirs, price=800))
        pay(place_order(reader))
        royalties = dict(SaleRecord.objects.values_list("work__owner", "royalty_minor"))
        assert royalties == {author.pk: 400 - 27 - 32, other.pk: 400 - 26 - 32}

    def test_what_the_reader_has_is_left_out_with_its_part(self, reader, books):
        buy(reader, books[1])
        add(reader, make_bundle(*books, price=1000))
        assert paid(reader) == [250, 417]

    def test_all_of_it_owned_is_refused(self, reader, books):
        bundle = make_bundle(*books)
        buy(reader, *books)
        with pytest.raises(errors.AlreadyOwned):
            add(reader, bundle)

    def test_all_of_it_owned_by_the_guest_of_the_cart_may_be_for_another(self, books):
        bundle = make_bundle(*books)
        cart = visitor_cart(*books)
        pay_as_guest(place_as_guest(cart))
        carts.add_bundle(actor=None, cart_id=cart.public_id, slug=bundle.slug, currency="USD", at=clock.now())
        assert cart.lines.get().bundle == bundle
        with pytest.raises(errors.AlreadyBought):
            place_as_guest(cart)

    def test_two_bundles_with_a_work_in_common_sell_it_once(self, reader, author, books):
        second = make_bundle(books[0], make_book(owner=author), price=600)
        add(reader, make_bundle(*books, price=1000))
        add(reader, second)
        lines = quote(reader).lines
        assert [line.edition for line in lines].count(books[0]) == 1
        assert len(lines) == 4

    def test_takes_the_place_of_its_works_in_the_cart_and_keeps_them_out(self, reader, books):
        bundle = make_bundle(*books)
        fill_cart(reader, books[0])
        add(reader, bundle)
        assert CartLine.objects.get().bundle == bundle
        with pytest.raises(errors.InBundleAlready, match="The Coast"):
            fill_cart(reader, books[0])

    def test_has_no_price_in_another_currency(self, reader, books):
        add(reader, make_bundle(*books))
        carts.set_currency(cart=reader.cart, currency="EUR", at=clock.now())
        with pytest.raises(errors.NotForSaleIn):
            quote(reader)

    def test_a_line_is_given_back_for_its_part(self, reader, books):
        add(reader, make_bundle(*books, price=1000))
        order = pay(place_order(reader))
        line = order.lines.order_by("pk").first()
        refund = refunds.request_refund(actor=reader, line=line, reason="", at=clock.now())
        refunds.send_refund(refund_id=refund.pk)
        assert refund.amount_minor == 250
        assert Entitlement.objects.filter(ended_at=None).count() == 2
        assert balances()["stripe_balance"] == 1000 - 59 - 250
        assert check_invariants() == []


class TestAgreeing:
    def test_others_are_asked_and_it_waits_for_them(self, author, books):
        theirs = make_book(title="Not Mine")
        bundle = bundles.create_bundle(actor=author, title="Both", description="", at=clock.now())
        bundles.change_bundle(actor=author, bundle=bundle, title="Both", description="", prices={"USD": 700})
        bundles.set_works(actor=author, bundle=bundle, works=[books[0].work, theirs.work], at=clock.now())
        with pytest.raises(catalogue_errors.BundleNotReady, match="Not Mine"):
            bundles.put_on_sale(actor=author, bundle=bundle, at=clock.now())
        row = bundle_selectors.awaiting_consent_of(theirs.work.owner).get()
        ((part, listed),) = bundle_selectors.part_of(row)
        assert (part.amount_minor, listed.amount_minor) == (437, 499)
        bundles.agree(actor=theirs.work.owner, bundle=bundle, work=theirs.work, at=clock.now())
        assert bundles.put_on_sale(actor=author, bundle=bundle, at=clock.now()).state == BundleState.ON_SALE

    def test_another_price_or_other_works_ask_again(self, author, books):
        theirs = make_book()
        bundle = make_bundle(books[0], theirs, owner=author, price=700, on_sale=False)
        changed = {"title": "The Coast", "description": ""}
        bundles.change_bundle(actor=author, bundle=bundle, prices={"USD": 700}, **changed)
        assert not BundleWork.objects.filter(consented_at=None).exists()
        bundles.change_bundle(actor=author, bundle=bundle, prices={"USD": 500}, **changed)
        assert BundleWork.objects.get(consented_at=None).work == theirs.work

    def test_an_owner_may_leave_at_any_time(self, author, books):
        theirs = make_book()
        bundle = make_bundle(books[0], theirs, owner=author, price=700)
        bundles.leave(actor=theirs.work.owner, bundle=bundle, work=theirs.work)
        bundle.refresh_from_db()
        assert bundle.state == BundleState.DRAFT

    def test_nobody_agrees_for_somebody_else(self, author, books):
        theirs = make_book()
        bundle = make_bundle(books[0], theirs, owner=author, price=700, on_sale=False)
        with pytest.raises(NotFound):
            bundles.agree(actor=author, bundle=bundle, work=theirs.work, at=clock.now())
        with pytest.raises(NotFound):
            bundles.leave(actor=author, bundle=bundle, work=theirs.work)

    def test_only_its_maker_changes_it(self, books):
        bundle = make_bundle(*books)
        with pytest.raises(NotAllowed):
            bundles.take_off_sale(actor=make_author(), bundle=bundle)
        with pytest.raises(NotAllowed):
            bundles.create_bundle(actor=make_reader(), title="No", description="", at=clock.now())

    def test_it_is_not_changed_while_it_is_on_sale(self, author, books):
        bundle = make_bundle(*books)
        with pytest.raises(catalogue_errors.BundleNotReady):
            bundles.change_bundle(actor=author, bundle=bundle, title="", description="", prices={"USD": 1})


class TestPuttingOnSale:
    def missing(self, bundle):
        return " ".join(bundles.missing_for_sale(bundle, at=clock.now()))

    def test_says_what_is_missing(self, author, books):
        bundle = bundles.create_bundle(actor=author, title="Alone", description="", at=clock.now())
        assert "at least two books" in self.missing(bundle)
        assert "price" in self.missing(bundle)

    def test_refuses_more_than_the_sum_and_less_than_pays(self, books):
        assert "more than the books cost" in self.missing(make_bundle(*books, price=1201, on_sale=False))
        assert "too low" in self.missing(make_bundle(*books, price=34, on_sale=False))

    def test_a_withdrawn_work_takes_it_off_sale(self, reader, author, books):
        bundle = make_bundle(*books)
        add(reader, bundle)
        publishing_services.withdraw_edition(actor=author, edition=books[0], at=clock.now())
        bundle.refresh_from_db()
        assert bundle.state == BundleState.DRAFT
        with pytest.raises(errors.NotOnSale, match="The Coast"):
            quote(reader)

    def test_refuses_a_work_that_is_not_on_sale(self, author, books):
        books[0].state = "withdrawn"
        books[0].save()
        bundle = bundles.create_bundle(actor=author, title="Both", description="", at=clock.now())
        with pytest.raises(catalogue_errors.BundleWorkRefused):
            bundles.set_works(actor=author, bundle=bundle, works=[books[0].work], at=clock.now())


@pytest.mark.parametrize("works", [2, 5])
def test_a_cart_with_a_bundle_takes_a_fixed_number_of_queries(reader, author, works, django_assert_num_queries):
    add(reader, make_bundle(*(make_book(owner=author) for _ in range(works)), price=900))
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    with django_assert_num_queries(6):
        cart_selectors.cart_page(cart)


class TestDeleting:
    def test_a_draft_goes_with_its_answers_and_its_books_stay(self, author, books):
        bundle = make_bundle(*books, on_sale=False)
        bundles.delete_bundle(actor=author, bundle=bundle)
        assert not BundleWork.objects.exists()
        assert all(Edition.objects.filter(pk=book.pk).exists() for book in books)

    def test_one_on_sale_is_taken_off_first(self, author, books):
        with pytest.raises(catalogue_errors.BundleNotReady):
            bundles.delete_bundle(actor=author, bundle=make_bundle(*books))

    def test_one_that_was_bought_stays_with_the_orders(self, client, author, reader, books):
        bundle = make_bundle(*books)
        add(reader, bundle)
        pay(place_order(reader))
        bundles.take_off_sale(actor=author, bundle=bundle)
        client.force_login(author)
        address = reverse("catalogue:bundle-delete", args=[bundle.public_id])
        assert "The books in it stay" in client.get(address).content.decode()
        refused = client.post(address)
        assert (refused.status_code, "Readers have bought this bundle" in refused.content.decode()) == (409, True)
        assert bundle_selectors.bundle_of(user=author, bundle_id=bundle.public_id) == bundle

    def test_somebody_elses_stays(self, books):
        with pytest.raises(NotAllowed):
            bundles.delete_bundle(actor=make_author(), bundle=make_bundle(*books, on_sale=False))
