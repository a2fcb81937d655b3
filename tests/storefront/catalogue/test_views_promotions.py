"""The author's page for promotions: what it shows, and that a mistake is said plainly and loses nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from publishing import services
from publishing.models import Promotion
from publishing.services import OpenPrice
from storefront.catalogue.models import Listing
from storefront.catalogue.services import listings
from tests.conftest import NOON
from tests.factories.promotions import plan
from tests.factories.publishing import make_published_edition, make_work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def edition():
    found = make_published_edition(work=make_work(prices={"USD": 999, "EUR": 899}))
    listings.refresh_listing(found)
    return found


@pytest.fixture
def desk(client, edition):
    client.force_login(edition.work.owner)
    return client


def address(edition):
    return f"/desk/works/{edition.work.public_id}/promotions/"


def send(desk, edition, **values):
    filled = {"begins_at": "2026-11-25T00:00", "ends_at": "2026-11-27T00:00", "amount_USD": "4.99"} | values
    return desk.post(address(edition), {name: value for name, value in filled.items() if value})


class TestPlanning:
    def test_a_promotion_is_planned_in_utc(self, desk, edition):
        assert send(desk, edition).status_code == 302
        made = Promotion.objects.get()
        assert (made.currency, made.price_minor) == ("USD", 499)
        assert (made.begins_at, made.ends_at) == (NOON.replace(day=25, hour=0), NOON.replace(day=27, hour=0))
        assert Listing.objects.get(work=edition.work).promotions["USD"][0].price_minor == 499

    def test_without_a_beginning_it_begins_now(self, desk, edition):
        send(desk, edition, begins_at="")
        assert Promotion.objects.get().begins_at == NOON

    def test_given_away_in_every_currency(self, desk, edition):
        send(desk, edition, amount_USD="", is_free="on")
        assert dict(Promotion.objects.values_list("currency", "price_minor")) == {"USD": 0, "EUR": 0}

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"amount_USD": ""}, "Enter a promotion price"),
            ({"is_free": "on"}, "Either give the book away or enter prices"),
            ({"amount_USD": "9.99"}, "must cost less than the price of $9.99"),
            ({"amount_USD": "0.05"}, "$"),
            ({"amount_USD": "much"}, "number"),
            ({"ends_at": ""}, "required"),
            ({"ends_at": "2026-11-24T23:00"}, "would end before it begins"),
            ({"begins_at": "2026-11-20T00:00"}, "This time has passed"),
            ({"ends_at": "2028-11-24T23:00"}, "within 366 days"),
        ],
    )
    def test_a_mistake_is_said_and_loses_nothing(self, desk, edition, values, words):
        answer = send(desk, edition, **values)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert words in html
        assert values.get("ends_at", "2026-11-27T00:00") in html
        assert not Promotion.objects.exists()

    def test_an_overlap_names_the_other(self, desk, edition):
        send(desk, edition)
        html = send(desk, edition, begins_at="2026-11-26T00:00", ends_at="2026-11-29T00:00").content.decode()
        assert "There is already a promotion in USD from" in html
        assert Promotion.objects.count() == 1

    def test_what_readers_choose_has_no_field(self, desk, edition):
        work = edition.work
        services.set_prices(
            actor=work.owner, work=work, prices={"USD": OpenPrice(300), "EUR": OpenPrice(300)}, at=clock.now()
        )
        html = desk.get(address(edition)).content.decode()
        assert "A promotion needs a price above 0" in html
        assert "amount_USD" not in html


class TestPage:
    def test_says_what_readers_see_and_what_one_earns(self, desk, edition):
        with clock.frozen(NOON + 40 * DAY):
            plan(edition.work, begins_at=NOON + 41 * DAY, ends_at=NOON + 42 * DAY, USD=499)
            html = " ".join(desk.get(address(edition)).content.decode().split())
        assert "Reduced by 50%. Lowest price in the 30 days before: $9.99" in html
        assert "promotion-calendar" in html
        assert "Remove" in html

    def test_a_young_book_has_no_comparison(self, desk, edition):
        plan(edition.work, begins_at=NOON + DAY, ends_at=NOON + 2 * DAY)
        assert "without a comparison" in desk.get(address(edition)).content.decode()

    def test_a_running_one_is_ended(self, desk, edition):
        (made,) = plan(edition.work, begins_at=NOON, ends_at=NOON + DAY)
        with clock.frozen(NOON + timedelta(hours=1)):
            assert "End now" in desk.get(address(edition)).content.decode()
            desk.post(f"{address(edition)}{made.public_id}/end/")
            assert "Past promotions" in desk.get(address(edition)).content.decode()
            assert desk.post(f"{address(edition)}{made.public_id}/end/", follow=True).status_code == 200
        made.refresh_from_db()
        assert made.ends_at == NOON + timedelta(hours=1)

    def test_another_works_promotion_is_not_found(self, desk, edition):
        (made,) = plan(make_work(), begins_at=NOON, ends_at=NOON + DAY)
        assert desk.post(f"{address(edition)}{made.public_id}/end/").status_code == 404


class TestFixedPrices:
    def test_are_kept_by_country_and_the_default_can_return(self, desk, edition):
        desk.post(f"{address(edition)}fixed/", {"fixed_DE": "yes", "fixed_FR": "no"})
        edition.work.refresh_from_db()
        assert edition.work.fixed_prices == {"DE": True, "FR": False}
        assert Listing.objects.get(work=edition.work).fixed_in == "DE"
        desk.post(f"{address(edition)}fixed/", {"fixed_DE": "", "fixed_FR": ""})
        edition.work.refresh_from_db()
        assert edition.work.fixed_prices == {}

    def test_refuses_what_is_no_answer(self, desk, edition):
        desk.post(f"{address(edition)}fixed/", {"fixed_DE": "perhaps"})
        edition.work.refresh_from_db()
        assert edition.work.fixed_prices == {}
