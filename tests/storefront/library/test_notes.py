"""What the wish list and the library say of a book in a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from common.money import Money
from storefront.library.selectors.library import AwaitedBook
from storefront.library.selectors.wishlists import WishedBook

WISH = WishedBook(
    work_id="wrk_1",
    slug="the-lighthouse",
    title="The Lighthouse",
    byline="Ada Ember",
    cover="",
    currency="USD",
    price=Money(499, "USD"),
    wished=Money(499, "USD"),
    below=None,
    wished_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
    edition_id="edn_1",
    release_date=None,
    is_owned=False,
)


@pytest.mark.parametrize(
    ("changes", "note", "saved", "may_buy"),
    [
        ({}, "$4.99 when you added it on 20 November 2026.", None, True),
        ({"wished": Money(699, "USD")}, "It was $6.99 when you added it on 20 November 2026.", 200, True),
        ({"wished": None}, "Added on 20 November 2026.", None, True),
        ({"wished": Money(0, "USD")}, "Added on 20 November 2026.", None, True),
        ({"price": None}, "Not on sale at the moment.", None, False),
        ({"barred_in": "France", "wished": Money(699, "USD")}, "Not sold in France.", None, False),
        ({"is_owned": True, "wished": Money(699, "USD")}, "You already own it. It is in your library.", None, False),
        ({"edition_id": ""}, "$4.99 when you added it on 20 November 2026.", None, False),
        ({"release_date": date(2026, 11, 1)}, "$4.99 when you added it on 20 November 2026.", None, False),
    ],
)
def test_wish(changes, note, saved, may_buy):
    wish = replace(WISH, **changes)
    assert wish.note == note
    assert (wish.saved.amount_minor if wish.saved else None) == saved
    assert wish.may_buy is may_buy


@pytest.mark.parametrize(
    ("day", "note"),
    [
        (date(2026, 11, 1), "delayed"),
        (date(2026, 12, 24), "out on 24 December 2026"),
        (None, "release cancelled"),
    ],
)
def test_awaited_book(day, note):
    assert AwaitedBook("ord_1", "the-lighthouse", "The Lighthouse", "", day).release_note == note
