"""A cart with its lines and what is sold for them now, in one statement.

Written out because every step of buying asks it, of a dozen tables: Django would take longer to say it than the
database takes to answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Model

from accounts.models import User
from common.rows import RowsOf, read_rows
from publishing.models import Edition, Price, Series
from publishing.territories import WORLD, Territory
from storefront.models import Bundle, Cart

_CARTS, _EDITIONS, _PRICES = RowsOf(Cart), RowsOf(Edition), RowsOf(Price)
_SERIES, _BUNDLES = RowsOf(Series), RowsOf(Bundle)
_MODELS = (_CARTS, _EDITIONS, _PRICES, _SERIES, _BUNDLES)
# Whether the cart's person has the work: as `permissions.readable_works` and `permissions.preordered_works` say it. Of
# a guest nothing is said: what they have bought may be bought in their browser under another address.
_HAD = """(work.owner_id = person.id
      OR EXISTS (SELECT 1 FROM storefront_entitlement AS had
        WHERE had.user_id = person.id AND had.work_id = work.id AND had.ended_at IS NULL)
      OR EXISTS (SELECT 1 FROM publishing_contributor AS maker
        WHERE maker.user_id = person.id AND maker.work_id = work.id))"""
_AHEAD = """(work.release_date IS NOT NULL AND EXISTS (SELECT 1 FROM storefront_order AS ordered
        JOIN storefront_orderline AS bought ON bought.order_id = ordered.id
        JOIN storefront_preorder AS ahead ON ahead.line_id = bought.id
        JOIN publishing_edition AS expected ON expected.id = bought.edition_id
        WHERE ordered.buyer_id = person.id AND ordered.state = 'paid' AND expected.work_id = work.id
          AND ahead.released_at IS NULL AND ahead.canceled_at IS NULL))"""
# The database knows: a work has one published edition at most, and one price in a currency; a line is one thing.
_FROM = f"""
    line.public_id, line.chosen_minor, line.gift_to, line.gift_message, line.gift_on, line.bundle_id, line.series_id,
      {_HAD}, {_AHEAD},
      work.id, work.owner_id, work.title, work.slug, work.release_date, work.territory_rule, work.territory_countries,
      listing.cover
    FROM storefront_cart
      LEFT JOIN accounts_user AS person ON person.id = storefront_cart.user_id AND NOT person.is_guest
      LEFT JOIN storefront_cartline AS line ON line.cart_id = storefront_cart.id
      LEFT JOIN publishing_edition AS wanted ON wanted.id = line.edition_id
      LEFT JOIN publishing_work AS work ON work.id = wanted.work_id
      LEFT JOIN storefront_listing AS listing ON listing.work_id = work.id
      LEFT JOIN publishing_price
        ON publishing_price.work_id = work.id AND publishing_price.currency = storefront_cart.currency
      LEFT JOIN publishing_edition ON publishing_edition.work_id = work.id AND publishing_edition.state = 'published'
      LEFT JOIN publishing_series ON publishing_series.id = COALESCE(line.series_id, work.series_id)
      LEFT JOIN storefront_bundle ON storefront_bundle.id = line.bundle_id"""
_OF_CART = "storefront_cart.id = %s"
_OF_PERSON = "storefront_cart.user_id = %s"
# A session never names a person's cart. A visitor who bought without an account keeps theirs, which is a guest's then.
_OF_VISITOR = (
    "storefront_cart.public_id = %s AND (storefront_cart.user_id IS NULL "
    "OR EXISTS (SELECT 1 FROM accounts_user WHERE accounts_user.id = storefront_cart.user_id AND is_guest))"
)


class LineRow(NamedTuple):
    """A line of a cart. What is said of a work is None or empty where the line is several works together.

    `is_had` and `is_ordered_ahead` say what a person has already; a gift may be one more. `edition` is what is on sale
    now, `price` that in the cart's currency; `series` what is to be completed, or what the work is part of.
    """

    line_id: str
    chosen_minor: int | None
    gift_to: str
    gift_message: str
    gift_on: date | None
    bundle_id: int | None
    series_id: int | None
    is_had: bool
    is_ordered_ahead: bool
    work_id: int
    owner_id: int
    title: str
    slug: str
    release_date: date | None
    territory: Territory
    cover: Mapping[str, str]
    edition: Edition | None
    price: Price | None
    series: Series | None
    bundle: Bundle | None


type CartRows = tuple[Cart, list[LineRow]]


def of_cart(cart: Cart) -> CartRows | None:
    """The cart as it is now stored, and its lines in the order they were put in; None when it is gone."""
    return _read(_OF_CART, cart.pk)


def of_person(user: User) -> CartRows | None:
    """The person's cart."""
    return _read(_OF_PERSON, user.pk)


def of_visitor(cart_id: str) -> CartRows | None:
    """The cart that a session names."""
    return _read(_OF_VISITOR, cart_id)


def _read(condition: str, value: int | str) -> CartRows | None:
    rows = read_rows(_statement(condition), [value])
    if not rows:
        return None
    # A cart with nothing in it has one row, without a line.
    return _CARTS.instance(rows[0][: _CARTS.width]), [found for row in rows if (found := _line(row)) is not None]


@cache
def _statement(condition: str) -> str:
    columns = ", ".join(rows.columns for rows in _MODELS)
    return f"SELECT {columns}, {_FROM} WHERE {condition} ORDER BY line.added_at, line.id"


def _line(row: Sequence[Any]) -> LineRow | None:
    found: list[Model | None] = []
    place = _CARTS.width
    for rows in _MODELS[1:]:
        # Keys come first: without one the join has found nothing.
        found.append(None if row[place] is None else rows.instance(row[place : place + rows.width]))
        place += rows.width
    if row[place] is None:
        return None
    *line, release_date, rule, countries, cover = row[place:]
    line[4], line[7], line[8] = _day(line[4]), bool(line[7]), bool(line[8])
    territory = Territory(rule, tuple(json.loads(countries))) if rule is not None else WORLD
    return LineRow._make((*line, _day(release_date), territory, json.loads(cover or "{}"), *found))


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
