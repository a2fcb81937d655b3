"""The shop is told when a promotion begins and ends: the search's filter and the alerts of lower prices follow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from common import clock
from publishing.models import Announced, Edition, Promotion
from publishing.services import promotions
from storefront.catalogue.selectors.browse import Filters
from storefront.library.models import ListingCheck, WishAlert
from storefront.library.services import notifications, wishlists
from storefront.search.selectors.search import search
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.promotions import plan
from tests.factories.publishing import make_published_edition, make_work

pytestmark = [pytest.mark.django_db, pytest.mark.both]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def lamp(noon) -> Edition:
    """At 8.99 USD, and at 1.99 from tomorrow for a day."""
    edition = make_published_edition(work=make_work(slug="the-lamp", title="The Lamp", prices={"USD": 899}))
    plan(edition.work, begins_at=noon + DAY, ends_at=noon + 2 * DAY)
    return edition


@pytest.fixture
def reader() -> User:
    return make_reader()


def announce(at) -> None:
    """What the task does then."""
    with clock.frozen(at):
        promotions.announce_borders(at=at)


def found(at, price: str) -> list[str]:
    with clock.frozen(at):
        return [card.slug for card in search(Filters(query="lamp", price=price).known()).cards]


class TestTheSearch:
    def test_filters_by_the_price_now(self, lamp: Edition) -> None:
        assert found(NOON, "5") == []
        announce(NOON + DAY)
        assert found(NOON + DAY, "5") == ["the-lamp"]
        announce(NOON + 2 * DAY)
        assert found(NOON + 2 * DAY, "5") == []
        assert found(NOON + 2 * DAY, "10") == ["the-lamp"]

    def test_a_promotion_that_began_at_once_is_found_at_once(self, noon) -> None:
        edition = make_published_edition(work=make_work(slug="the-lamp", title="The Lamp", prices={"USD": 899}))
        plan(edition.work, begins_at=noon, ends_at=noon + DAY)
        assert found(NOON, "5") == ["the-lamp"]

    def test_finds_keywords(self, noon) -> None:
        make_published_edition(work=make_work(slug="the-lamp", title="The Lamp", keywords=["cosy lighthouse"]))
        cards = search(Filters(query="cosy lighthouse").known()).cards
        assert [card.slug for card in cards] == ["the-lamp"]


class TestTelling:
    def test_happens_once_for_each_border(self, lamp: Edition) -> None:
        (row,) = Promotion.objects.all()
        told = []
        for at in (NOON + DAY - HOUR, NOON + DAY, NOON + DAY + HOUR, NOON + 2 * DAY, NOON + 3 * DAY):
            promotions.announce_borders(at=at)
            row.refresh_from_db()
            told.append(row.announced)
        assert told == [Announced.NOTHING, Announced.BEGUN, Announced.BEGUN, Announced.ENDED, Announced.ENDED]
        assert not Promotion.objects.unannounced(NOON + 9 * DAY).exists()

    def test_of_what_began_and_ended_while_nobody_worked(self, lamp: Edition) -> None:
        announce(NOON + 5 * DAY)
        assert Promotion.objects.get().announced == Announced.ENDED

    def test_of_a_work_that_is_not_on_sale_does_nothing_else(self, noon) -> None:
        work = make_work(prices={"USD": 899})
        plan(work, begins_at=noon, ends_at=noon + DAY)
        announce(NOON)
        assert Promotion.objects.get().announced == Announced.BEGUN

    def test_a_wish_is_alerted_when_it_begins(self, lamp: Edition, reader: User) -> None:
        wishlists.add_wish(actor=reader, slug="the-lamp", at=NOON)
        with clock.frozen(NOON + HOUR):
            notifications.check_work(work_id=lamp.work_id, at=NOON + HOUR)
        assert not WishAlert.objects.exists()
        ListingCheck.objects.all().delete()
        announce(NOON + DAY)
        assert ListingCheck.objects.get().work_id == lamp.work_id
        notifications.check_work(work_id=lamp.work_id, at=NOON + DAY)
        assert WishAlert.objects.get().price_minor == 199
        announce(NOON + 2 * DAY)
        notifications.check_work(work_id=lamp.work_id, at=NOON + 2 * DAY)
        assert WishAlert.objects.count() == 1
