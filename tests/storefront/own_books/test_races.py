"""Two uploads of one person at once, on connections of their own."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from common import clock
from storefront.own_books.errors import NoSpaceLeft
from storefront.own_books.models import OwnBook
from storefront.own_books.selectors import pages
from storefront.own_books.services import uploads
from tests.factories.accounts import make_member
from tests.factories.own_books import epub
from tests.royalties.database import run_together

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


def add_two(settings) -> list[OwnBook | Exception]:
    """Two books of which only one fits, added at the same moment."""
    owner = make_member()
    first, second = epub("One Book"), epub("Two Book")
    settings.MAX_OWN_BOOKS_BYTES = len(first.getvalue()) + 100
    return run_together(
        lambda: uploads.add(actor=owner, content=first, name="one.epub", at=clock.now()),
        lambda: uploads.add(actor=owner, content=second, name="two.epub", at=clock.now()),
    )


def test_only_one_takes_the_last_space(settings):
    found = add_two(settings)
    assert sum(isinstance(one, NoSpaceLeft) for one in found) == 1, found
    assert OwnBook.objects.count() == 1


def test_without_the_lock_both_take_it(settings, monkeypatch):
    barrier = threading.Barrier(2, timeout=30)

    def used_bytes(user):
        used = OwnBook.objects.filter(owner=user).count()
        with suppress(threading.BrokenBarrierError):
            barrier.wait()
        return used

    monkeypatch.setattr(uploads, "_lock", lambda actor: None)
    monkeypatch.setattr(pages, "used_bytes", used_bytes)
    add_two(settings)
    assert OwnBook.objects.count() == 2
