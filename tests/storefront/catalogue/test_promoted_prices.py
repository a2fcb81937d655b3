"""The price at a moment on pages and in lists, and what is said of a reduction, against a naive count by day."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest

from accounts import regions
from common import clock
from publishing import services
from publishing.price_now import PriceNow, PricePeriod, next_border, price_at
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.browse import Filters, catalogue_page
from storefront.catalogue.selectors.cards import cards_by_key, price_of
from storefront.catalogue.selectors.facet_counts import facet_counts
from storefront.catalogue.selectors.prices import lowest_in_30_days, price_history
from storefront.catalogue.services import listings
from tests.conftest import NOON
from tests.factories.promotions import plan
from tests.factories.publishing import make_published_edition, make_work
from tests.storefront.catalogue.onix_valid import onix_faults

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def on_sale(**options):
    edition = make_published_edition(work=make_work(**options))
    listings.refresh_listing(edition)
    return edition


class TestPriceAt:
    PERIOD = PricePeriod(NOON, NOON + DAY, 199, "prm_1")

    @pytest.mark.parametrize(
        ("at", "minor"), [(-timedelta.resolution, 499), (0 * DAY, 199), (DAY - timedelta.resolution, 199), (DAY, 499)]
    )
    def test_begins_at_its_moment_and_ends_before_the_other(self, at, minor):
        assert price_at(499, [self.PERIOD], NOON + at).minor == minor

    def test_never_raises_a_price(self):
        assert price_at(99, [self.PERIOD], NOON) == PriceNow(99)

    def test_no_free_day_where_the_price_is_fixed(self):
        free = PricePeriod(NOON, NOON + DAY, 0)
        assert price_at(499, [free], NOON).minor == 0
        assert price_at(499, [free], NOON, is_fixed=True).minor == 499
        assert price_at(499, [self.PERIOD], NOON, is_fixed=True).minor == 199

    def test_the_next_border(self):
        assert next_border([self.PERIOD], NOON - DAY) == NOON
        assert next_border([self.PERIOD], NOON) == NOON + DAY
        assert next_border([self.PERIOD], NOON + DAY) is None


def naive_prices(changes, periods, days):
    """The price of each day, changes and promotions beginning at its first moment: by walking through the days."""
    found, listed = [], None
    for day in range(days):
        for when, amount in changes:
            if when == day:
                listed = amount
        price = listed
        for begins, ends, amount in periods:
            if price is not None and begins <= day < ends and amount < price:
                price = amount
        found.append(price)
    return found


def naive_reduction(prices):
    """The lowest price before the last fall and the percentage, or nothing: written without looking at our code."""
    today = len(prices) - 1
    if prices[today] is None:
        return None
    begun = today
    while begun > 0 and prices[begun - 1] == prices[today]:
        begun -= 1
    first = next(day for day, price in enumerate(prices) if price is not None)
    if today - begun > 30 or begun - first < 30:
        return None
    before = [price for price in prices[begun - 30 : begun] if price is not None]
    if not before or not min(before):
        return None
    percent = 100 * (min(before) - prices[today]) // min(before)
    return (min(before), percent) if percent >= 1 else None


class TestReductionByDay:
    @pytest.mark.parametrize("seed", range(40))
    def test_says_what_a_naive_count_says(self, seed):
        dice = random.Random(seed)
        for _ in range(50):
            days = dice.randint(1, 120)
            changes = [(0, dice.choice([499, 799, 999]))]
            changing = sorted(dice.randrange(1, 120) for _ in range(dice.randint(0, 4)))
            changes += [(day, dice.choice([299, 499, 799, 999, None])) for day in changing]
            pairs = [(day, price) for day, price in dict(changes).items() if day < days]
            changes = [pair for place, pair in enumerate(pairs) if not place or pairs[place - 1][1] != pair[1]]
            periods, free_from = [], 1
            for _ in range(dice.randint(0, 4)):
                begins = free_from + dice.randint(0, 40)
                free_from = begins + dice.randint(1, 20)
                periods.append((begins, free_from, dice.choice([0, 199, 399, 599])))
            prices = naive_prices(changes, periods, days)
            told = price_history(
                [(NOON + day * DAY, amount) for day, amount in changes],
                currency="USD",
                now=NOON + (days - 1) * DAY,
                promotions=[PricePeriod(NOON + a * DAY, NOON + b * DAY, minor) for a, b, minor in periods],
            )
            found = told.reduction if told is not None else None
            expected = naive_reduction(prices)
            assert (found and (found.lowest_minor, found.percent)) == expected, (changes, periods, days)

    def test_the_count_itself_can_tell_right_from_wrong(self):
        assert naive_reduction([999] * 40 + [499]) == (999, 50)
        assert naive_reduction([499] * 30 + [999] * 10 + [499]) is None
        assert naive_reduction([999] * 20 + [499]) is None, "younger than thirty days"

    def test_a_book_that_is_new_has_no_price_before(self):
        steps = [(NOON, 999)]
        promoted = [PricePeriod(NOON + 29 * DAY, NOON + 40 * DAY, 499)]
        assert price_history(steps, currency="USD", now=NOON + 30 * DAY, promotions=promoted).reduction is None

    def test_the_next_promotion_counts_from_the_one_before(self):
        steps = [(NOON, 999)]
        promoted = [
            PricePeriod(NOON + 40 * DAY, NOON + 41 * DAY, 599),
            PricePeriod(NOON + 60 * DAY, NOON + 62 * DAY, 499),
        ]
        found = price_history(steps, currency="USD", now=NOON + 60 * DAY, promotions=promoted).reduction
        assert (found.lowest_minor, found.percent) == (599, 16)
        assert lowest_in_30_days(steps, now=NOON + 60 * DAY, promotions=promoted) == 499

    def test_a_free_day_before_leaves_nothing_to_compare(self):
        promoted = [
            PricePeriod(NOON + 40 * DAY, NOON + 41 * DAY, 0),
            PricePeriod(NOON + 60 * DAY, NOON + 62 * DAY, 499),
        ]
        now = NOON + 60 * DAY
        assert price_history([(NOON, 999)], currency="USD", now=now, promotions=promoted).reduction is None
        # ... but for readers in whose country it was never free.
        found = price_history([(NOON, 999)], currency="USD", now=now, promotions=promoted, is_fixed=True).reduction
        assert found.lowest_minor == 999


@pytest.mark.django_db
class TestPages:
    def price(self, client, edition, **headers):
        html = client.get(f"/books/{edition.work.slug}/", headers=headers)
        return re.search(r'class="book-price figures">\s*([^<]+?)\s*<', html.content.decode()).group(1)

    def test_changes_at_the_border_without_any_job(self, client):
        edition = on_sale()
        plan(edition.work, begins_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
        for at, price in ((0, "$4.99"), (1, "$1.99"), (1.99, "$1.99"), (2, "$4.99")):
            with clock.frozen(NOON + at * HOUR):
                assert self.price(client, edition) == price

    def test_no_cache_keeps_a_price_over_its_border(self, client):
        edition = on_sale()
        plan(edition.work, begins_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
        for path in ("/", "/books/", f"/books/{edition.work.slug}/", "/feeds/new.atom"):  # ONIX names the days itself
            for before, left in ((HOUR, 60), (timedelta(seconds=20), 20), (timedelta(seconds=1.5), 1)):
                with clock.frozen(NOON + HOUR - before):
                    header = client.get(path).headers["Cache-Control"]
                age, beyond = (int(re.search(rf"{name}=(\d+)", header)[1]) for name in ("max-age", "revalidate"))
                assert age <= left, path
                assert age + beyond <= before.total_seconds(), path

    def test_an_unchanged_page_is_not_kept_longer_either(self, client):
        edition = on_sale()
        plan(edition.work, begins_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
        path = f"/books/{edition.work.slug}/"
        with clock.frozen(NOON + HOUR - 30 * MINUTE):
            tag = client.get(path).headers["ETag"]
        with clock.frozen(NOON + HOUR - timedelta(seconds=20)):
            again = client.get(path, headers={"If-None-Match": tag})
            assert again.status_code == 304
            assert re.search(r"max-age=(\d+)", again.headers["Cache-Control"])[1] == "20"
        with clock.frozen(NOON + HOUR):
            assert client.get(path, headers={"If-None-Match": tag}).status_code == 200

    def test_raised_waited_and_lowered_over_the_border(self, client):
        """What the law asks: the lowest price of the thirty days before, or nothing at all."""
        edition = on_sale(prices={"USD": 499})
        for wait, was in ((10, None), (40, "$9.99")):
            raised = NOON + (35 if wait == 10 else 100) * DAY
            with clock.frozen(raised):
                services.set_prices(actor=edition.work.owner, work=edition.work, prices={"USD": 999}, at=raised)
                plan(
                    edition.work,
                    begins_at=raised + wait * DAY,
                    ends_at=raised + (wait + 5) * DAY,
                    USD=599,
                )
            path = f"/books/{edition.work.slug}/"
            with clock.frozen(raised + wait * DAY - timedelta(seconds=30)):
                before = client.get(path)
                assert "Reduced by" not in before.content.decode()
            with clock.frozen(raised + wait * DAY):
                after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
                html = after.content.decode()
                assert "$5.99" in html
                assert ("Reduced by" in html) is (was is not None)
                assert was is None or f"before: {was}" in " ".join(html.split())
            with clock.frozen(raised + (wait + 6) * DAY):
                assert "Reduced by" not in client.get(path).content.decode()
                services.set_prices(
                    actor=edition.work.owner, work=edition.work, prices={"USD": 499}, at=raised + (wait + 6) * DAY
                )

    def test_a_country_with_fixed_prices_has_no_free_day(self, client):
        edition = on_sale(prices={"USD": 499, "EUR": 599})
        plan(edition.work, begins_at=NOON, ends_at=NOON + DAY, EUR=0)
        listing = Listing.objects.get(work=edition.work)
        assert listing.fixed_in == "FR"
        assert price_of(listing, regions.region("en", "FR")).amount_minor == 599
        assert price_of(listing, regions.region("en", "DE")).amount_minor == 0


@pytest.mark.django_db
class TestLists:
    def slugs(self, **filters):
        known = Filters(**filters)
        return {card.slug for card in catalogue_page(known, books=facet_counts(known).total).cards}

    def test_filters_follow_the_clock(self):
        dear, cheap = on_sale(prices={"USD": 1999}), on_sale(prices={"USD": 400})
        plan(dear.work, begins_at=NOON + HOUR, ends_at=NOON + 2 * HOUR, USD=0)
        every = {dear.work.slug, cheap.work.slug}
        outside = (set(), {cheap.work.slug})
        for at, (free, under_five) in enumerate((outside, ({dear.work.slug}, every), outside)):
            with clock.frozen(NOON + at * HOUR):
                assert self.slugs(price="free") == free
                assert self.slugs(price="5") == under_five
                counts = facet_counts(Filters()).prices
                assert counts.get("free", 0) == len(free)
                assert counts["5"] == len(under_five)

    def test_a_list_costs_no_further_query(self, django_assert_num_queries):
        for _ in range(3):
            plan(on_sale().work, begins_at=NOON, ends_at=NOON + HOUR)
        keys = list(Listing.objects.values_list("pk", flat=True))
        with django_assert_num_queries(1):
            assert {card.price for card in cards_by_key(keys)} == {"$1.99"}

    def test_free_days_are_not_found_where_the_price_is_fixed(self):
        book = on_sale(prices={"USD": 1999})
        plan(book.work, begins_at=NOON, ends_at=NOON + HOUR, USD=0)
        with regions.active(regions.region("en", "FR")):
            assert self.slugs(price="free") == set()
        with regions.active(regions.region("en", "DE")):
            assert self.slugs(price="free") == {book.work.slug}


@pytest.mark.django_db
class TestFeeds:
    def test_onix_says_when_each_price_holds(self, client):
        edition = on_sale(prices={"USD": 499, "EUR": 599})
        plan(edition.work, begins_at=NOON + 3 * DAY, ends_at=NOON + 5 * DAY, USD=199, EUR=0)
        message = client.get("/feeds/onix.xml").getvalue()
        assert onix_faults(message) == []
        text = message.decode()
        assert text.count("<PriceDateRole>14</PriceDateRole>") >= 4
        for day in ("20261126", "20261127", "20261129", "20261130"):
            assert f'<Date dateformat="00">{day}</Date>' in text

    def test_structured_data_says_until_when(self, client):
        edition = on_sale()
        plan(edition.work, begins_at=NOON, ends_at=NOON + DAY)
        html = client.get(f"/books/{edition.work.slug}/").content.decode()
        assert '"price": "1.99"' in html or '"price":"1.99"' in html
        assert "priceValidUntil" in html
