"""What is read of a cart's lines: what is sold for them, and what their person has."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Model

from accounts.models import User
from common import clock
from publishing.models import Contributor, Edition, EditionState, Price, Series, Work
from publishing.territories import TerritoryRule
from storefront.checkout import permissions
from storefront.checkout.cart.selectors import cart_rows
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors.cart_rows import LineRow
from storefront.checkout.cart.selectors.carts import GiftWish
from storefront.checkout.cart.services import carts
from storefront.checkout.models import Cart, CartLine, Entitlement, Preorder
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import add_edition, buy, fill_cart, make_book, place_order
from tests.factories.guests import buy_as_guest, visitor_cart
from tests.factories.offers import make_awaited, make_bundle, pay
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def values(found: Model | None) -> dict[str, Any] | None:
    return {name: value for name, value in vars(found).items() if name != "_state"} if found is not None else None


def told(row: LineRow) -> dict[str, Any]:
    found = {field.name: getattr(row, field.name) for field in fields(row)}
    return {name: values(value) if isinstance(value, Model) else value for name, value in found.items()}


def by_querysets(line: CartLine) -> LineRow:
    work = line.edition.work if line.edition is not None else None
    listing = getattr(work, "listing", None)
    return LineRow(
        line_id=line.public_id,
        chosen_minor=line.chosen_minor,
        gift_to=line.gift_to,
        gift_message=line.gift_message,
        gift_on=line.gift_on,
        bundle_id=line.bundle_id,
        series_id=line.series_id,
        is_had=work is not None and work.pk in permissions.works_bought_or_made(line.cart.user, [work.pk]),
        is_ordered_ahead=work is not None and work.pk in permissions.preordered_works(line.cart.user, [work.pk]),
        work_id=work.pk if work else 0,
        owner_id=work.owner_id if work else 0,
        title=work.title if work else "",
        slug=work.slug if work else "",
        release_date=work.release_date if work else None,
        territory=work.territory if work else cart_rows.WORLD,
        cover=listing.cover if listing else None,
        edition=Edition.objects.filter(work=work, state=EditionState.PUBLISHED).first() if work else None,
        price=Price.objects.at(clock.now()).filter(work=work, currency=line.cart.currency).first() if work else None,
        fixed_in=work.fixed_in(clock.now().date()) if work else (),
        series=line.series or (work and work.series),
        bundle=line.bundle,
    )


def in_series(edition: Edition, series: Series) -> Edition:
    edition.work.series = series
    edition.work.save()
    return edition


def theirs(reader: User) -> list[Edition]:
    """Books that the reader has, in each way: bought, given back, made, credited; ordered ahead, and not any more."""
    bought, refunded, credited, others = make_book(), make_book(), make_book(), make_awaited()
    ahead, canceled, released, unpaid = make_awaited(), make_awaited(), make_awaited(), make_awaited()
    pay(place_order(reader, bought, refunded, ahead, canceled, released))
    Entitlement.objects.filter(work=refunded.work).update(ended_at=clock.now())
    Contributor.objects.create(work=credited.work, user=reader, name="Me")
    Preorder.objects.filter(line__edition=canceled).update(canceled_at=clock.now())
    Preorder.objects.filter(line__edition=released).update(released_at=clock.now())
    pay(place_order(make_reader(), others))
    place_order(reader, unpaid)
    CartLine.objects.all().delete()
    return [bought, refunded, credited, make_book(owner=reader), ahead, canceled, released, unpaid, others]


def fill(reader: User) -> Cart:
    """A cart with a line of every kind."""
    books = theirs(reader)
    author, now = make_author(), clock.now()
    series = Series.objects.create(owner=author, slug="tides", title="Tides", completing_bps=1000)
    for _ in range(2):
        in_series(make_book(owner=author), series)
    listed = make_published_edition(slug="the-lamp")
    Price.objects.create(work=make_book().work, currency="EUR", list_price_minor=1, changed_at=now)
    renewed, withdrawn, opened, limited = make_book(), make_book(), make_book(), make_book()
    opened.work.prices.update(is_open=True, suggested_minor=700)
    Work.objects.filter(pk=limited.work_id).update(territory_rule=TerritoryRule.ONLY, territory_countries=["DE", "US"])
    single = in_series(make_book(owner=author), Series.objects.create(owner=author, slug="ebb", title="Ebb"))
    fill_cart(reader, listed, make_book(prices={"EUR": 300}), renewed, withdrawn, opened, limited, single)
    fill_cart(reader, make_awaited())
    add_edition(renewed.work)
    Edition.objects.filter(pk=withdrawn.pk).update(state=EditionState.WITHDRAWN)
    CartLine.objects.filter(edition=opened).update(chosen_minor=800)
    day = (now + timedelta(days=9)).date()
    wish = GiftWish("ann@example.org", "For you", day)
    carts.add_gift(actor=reader, cart_id="", edition_id=make_book().public_id, currency="USD", wish=wish, at=now)
    bundle = make_bundle(make_book(), make_book(), price=800)
    carts.add_bundle(actor=reader, cart_id="", slug=bundle.slug, currency="USD", at=now)
    carts.add_series(actor=reader, cart_id="", slug="tides", currency="USD", at=now)
    for edition in books:
        CartLine.objects.create(cart=reader.cart, edition=edition, added_at=now)
        CartLine.objects.create(cart=reader.cart, edition=edition, gift_to="bob@example.org", added_at=now)
    return Cart.objects.get(user=reader)


def test_lines_are_what_querysets_find(reader: User) -> None:
    cart = fill(reader)
    read = cart_rows.of_person(reader)
    assert read is not None
    assert values(read[0]) == values(cart)
    lines = list(cart.lines.select_related("cart", "edition__work__series", "edition__work__listing"))
    assert len(lines) == 29
    assert (sum(row.is_had for row in read[1]), sum(row.is_ordered_ahead for row in read[1])) == (6, 2)
    assert [told(row) for row in read[1]] == [told(by_querysets(line)) for line in lines]
    assert isinstance(next(row.gift_on for row in read[1] if row.gift_to), date)


def test_of_a_guest_nothing_is_said_to_be_theirs() -> None:
    cart = buy_as_guest(make_book()).buyer.cart
    CartLine.objects.create(cart=cart, edition=Entitlement.objects.get().edition, added_at=clock.now())
    for read in (cart_rows.of_cart(cart), cart_rows.of_visitor(cart.public_id), cart_rows.of_person(cart.user)):
        assert read is not None
        assert [row.is_had for row in read[1]] == [False]


def test_an_empty_cart_has_no_lines_and_a_missing_one_nothing(reader: User) -> None:
    assert cart_rows.of_person(reader) is None
    cart = Cart.objects.create(user=reader, currency="EUR", changed_at=clock.now())
    assert cart_rows.of_cart(cart) == (cart, [])
    cart.delete()
    assert cart_rows.of_cart(Cart(pk=99)) is None


def test_a_session_opens_a_visitor_s_cart_and_no_person_s(reader: User) -> None:
    fill_cart(reader, make_book())
    visitor = visitor_cart(make_book())
    bought = buy_as_guest(make_book())
    Cart.objects.update_or_create(user=bought.buyer, defaults={"currency": "USD", "changed_at": clock.now()})
    found = []
    for cart in (reader.cart, visitor, bought.buyer.cart):
        opened = cart_selectors.open_cart(user=None, cart_id=cart.public_id)
        assert (opened and opened.cart) == cart_selectors.cart_of(user=None, cart_id=cart.public_id)
        found.append(opened is not None)
    assert found == [False, True, True]
    assert cart_selectors.open_cart(user=None, cart_id="") is None


def test_works_bought_or_made_are_so_or_credited() -> None:
    reader, refunded = make_reader(), make_book()
    bought, credited, others = make_book(), make_book(), make_book()
    own = make_book(owner=reader)
    buy(reader, bought, refunded)
    Entitlement.objects.filter(work=refunded.work).update(ended_at=clock.now())
    Contributor.objects.create(work=credited.work, user=reader, name="Me")
    works = [one.work_id for one in (bought, credited, others, own, refunded)]
    assert permissions.works_bought_or_made(reader, works) == {bought.work_id, credited.work_id, own.work_id}
    assert (
        permissions.works_bought_or_made(reader, [others.work_id])
        == permissions.works_bought_or_made(reader, [])
        == set()
    )
