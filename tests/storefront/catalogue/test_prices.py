"""Prices since a book went on sale, and what Directive 98/6/EC, article 6a, asks of a reduced one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from common import clock
from publishing import hooks
from publishing.models import Edition, Price
from publishing.services import prices as pricing
from storefront.catalogue.models import Listing, PriceChange
from storefront.catalogue.selectors.prices import lowest_in_30_days, price_history, stored_histories
from storefront.catalogue.services import listings
from storefront.search.services import reindexing
from tests.conftest import NOON
from tests.factories.publishing import make_published_edition

DAY = timedelta(days=1)


def history(*steps, now=100, is_open=False):
    """From (day, minor) pairs, seen on day `now`."""
    stored = [(NOON + day * DAY, amount) for day, amount in steps]
    return price_history(stored, currency="USD", now=NOON + now * DAY, is_open=is_open)


class TestReduction:
    def test_tells_the_lowest_of_the_thirty_days_before(self):
        found = history((0, 999), (80, 799), (85, 899), (95, 499)).reduction
        assert (found.lowest_minor, found.percent) == (799, 37)

    def test_looks_at_prices_that_began_before_those_thirty_days(self):
        assert history((0, 999), (95, 499)).reduction.lowest_minor == 999

    def test_a_price_that_ended_before_them_does_not_count(self):
        assert history((0, 399), (60, 999), (95, 499)).reduction.lowest_minor == 999

    def test_raised_then_lowered_is_no_reduction(self):
        assert history((0, 499), (90, 999), (95, 499)).reduction is None

    def test_a_rise_is_none(self):
        assert history((0, 499), (95, 999)).reduction is None

    def test_after_thirty_days_nothing_is_announced(self):
        assert history((0, 999), (69, 499)).reduction is None
        assert history((0, 999), (70, 499)).reduction is not None

    def test_is_announced_until_a_day_ends(self):
        """As long as the same ETag stands for the page."""
        assert history((0, 999), (69.4, 499), now=99.45).reduction is not None
        assert history((0, 999), (69.4, 499), now=99.6).reduction is None

    def test_what_readers_choose_is_never_announced(self):
        assert history((0, 999), (95, 499), is_open=True).reduction is None

    def test_a_first_price_is_none(self):
        assert history((95, 499)).reduction is None

    def test_time_off_sale_is_no_price(self):
        assert history((0, 999), (80, None), (95, 499)).reduction.lowest_minor == 999

    def test_less_than_one_percent_is_none(self):
        assert history((0, 999), (95, 998)).reduction is None
        assert history((0, 1000), (95, 990)).reduction.percent == 1

    def test_a_price_of_nothing_cannot_be_reduced(self):
        assert history((0, 0), (95, 499)).reduction is None


class TestChart:
    def test_steps_go_along_and_then_up_or_down(self):
        (path,) = history((0, 500), (50, 1000)).paths
        assert re.fullmatch(r"M8 60H300V8H592", path)

    def test_time_off_sale_is_a_gap(self):
        assert len(history((0, 500), (20, None), (50, 500)).paths) == 2

    def test_one_price_needs_no_chart(self):
        found = history((0, 500))
        assert (found.paths, len(found.steps)) == ((), 1)

    def test_nothing_known_is_nothing_shown(self):
        assert history() is None
        assert history((0, None)) is None


@pytest.mark.django_db
class TestPriceChanges:
    def rows(self, work, currency="USD"):
        return list(PriceChange.objects.filter(work=work, currency=currency).values_list("amount_minor", flat=True))

    def change(self, edition, **prices):
        pricing.set_prices(actor=edition.work.owner, work=edition.work, prices=prices, at=clock.now())

    def test_each_change_is_appended_once(self):
        edition = make_published_edition(prices={"USD": 499})
        hooks.notify_listed(edition)
        self.change(edition, USD=399)
        self.change(edition, USD=399, EUR=349)
        assert self.rows(edition.work) == [499, 399]
        assert self.rows(edition.work, "EUR") == [349]

    def test_withdrawn_and_back(self):
        edition = make_published_edition(prices={"USD": 499})
        hooks.notify_withdrawn(edition)
        hooks.notify_listed(edition)
        assert self.rows(edition.work) == [499, None, 499]

    def test_a_price_not_asked_any_more(self):
        edition = make_published_edition(prices={"USD": 499, "EUR": 449})
        self.change(edition, EUR=None)
        assert self.rows(edition.work, "EUR") == [449, None]

    def test_a_listing_written_with_many_others_keeps_its_first_price(self):
        edition = make_published_edition(prices={"USD": 499})
        PriceChange.objects.all().delete()
        Edition.objects.update(published_at=NOON - 10 * DAY)
        self.change(edition, USD=399)
        assert list(PriceChange.objects.values_list("amount_minor", "at")) == [(499, NOON - 10 * DAY), (399, NOON)]

    def test_the_page_shows_chart_table_and_reduction(self, client):
        edition = make_published_edition(slug="the-lamp", prices={"USD": 999})
        with clock.frozen(NOON + 40 * DAY):
            self.change(edition, USD=499)
            text = client.get("/books/the-lamp/").content.decode()
        assert "Reduced by 50%. Lowest price in the 30 days before: $9.99" in text
        assert '<svg class="price-chart"' in text
        assert text.count("$9.99") >= 2

    def test_the_page_stops_announcing_it_for_those_who_have_the_page(self, client):
        edition = make_published_edition(slug="the-lamp", prices={"USD": 999})
        with clock.frozen(NOON + 40 * DAY):
            self.change(edition, USD=499)
        with clock.frozen(NOON + 70 * DAY):
            page = client.get("/books/the-lamp/")
        with clock.frozen(NOON + 71 * DAY):
            later = client.get("/books/the-lamp/", headers={"if-none-match": page["ETag"]})
        assert "Reduced by" in page.content.decode()
        assert later.status_code == 200
        assert "Reduced by" not in later.content.decode()

    def kept(self, *steps):
        """What is kept of (moment, minor) pairs."""
        work = make_published_edition(prices={"USD": 999}).work
        PriceChange.objects.all().delete()
        rows = [PriceChange(work=work, currency="USD", amount_minor=amount, at=at) for at, amount in steps]
        PriceChange.objects.bulk_create(rows)
        return stored_histories([work.pk])[work.pk]["USD"]

    def test_flipping_the_price_does_not_hide_the_lowest_one(self):
        start = NOON - 20 * DAY
        flips = [(start + timedelta(minutes=one), 999 - one % 2) for one in range(1, 70)]
        kept = self.kept((NOON - 100 * DAY, 999), (start, 199), *flips, (NOON - DAY, 499))
        assert price_history(kept, currency="USD", now=NOON).reduction is None
        assert lowest_in_30_days(kept, now=NOON) == 199
        assert len(kept) == 4

    def test_a_price_asked_twice_in_a_day_is_no_reduction_the_second_time(self):
        hours = [NOON - 100 * DAY, *(NOON + timedelta(hours=one) for one in range(3))]
        kept = self.kept(*zip(hours, [999, 499, 999, 499], strict=True))
        assert price_history(kept, currency="USD", now=NOON + DAY).reduction is None

    def test_daily_changes_of_sixty_days_are_kept_with_what_held_before(self):
        days = [(NOON + one * DAY, 500 + one) for one in range(200)]
        kept = self.kept(*days)
        assert [amount for _at, amount in kept] == list(range(639, 700))

    def test_of_rare_changes_sixty_are_kept(self):
        kept = self.kept(*((NOON + one * 10 * DAY, 500 + one) for one in range(100)))
        assert [amount for _at, amount in kept] == list(range(540, 600))

    def test_what_held_for_no_time_is_not_the_lowest(self):
        kept = self.kept((NOON - 90 * DAY, 999), (NOON, 1), (NOON, 899), (NOON + timedelta(hours=1), 799))
        assert [amount for _at, amount in kept] == [999, 899, 799]

    def test_a_book_without_changes_takes_no_more_queries(self, client, django_assert_max_num_queries):
        make_published_edition(slug="the-lamp")
        with django_assert_max_num_queries(8):
            client.get("/books/the-lamp/")

    def test_listings_says_what_it_keeps(self):
        edition = make_published_edition(prices={"USD": 999})
        listings.refresh_listing(edition)
        assert Listing.objects.get().details.price_history == {"USD": ((NOON, 999),)}

    def test_a_region_sees_what_it_was_asked(self, client):
        """Only the euro fell: no reduction in dollars, and none is compared with a price in dollars."""
        edition = make_published_edition(slug="the-lamp", prices={"USD": 999, "EUR": 800, "JPY": 400})
        with clock.frozen(NOON + 40 * DAY):
            self.change(edition, EUR=600)
            home, germany, japan, britain = (
                client.get(f"{region}/books/the-lamp/").content.decode()
                for region in ("", "/de-de", "/en-jp", "/en-gb")
            )
        assert "Niedrigster Preis" not in home
        assert "Reduced by" not in home + japan + britain
        assert "25" in re.search(r"[^<>]*8,00\xa0€[^<>]*", germany)[0]
        assert re.search(r"¥400 since", japan)
        assert re.search(r"\$9\.99 since", britain)
        assert "$" not in re.search(r'<section class="section" id="prices">.*?</section>', germany, re.S)[0]

    def test_an_open_price_is_open_in_its_currency_only(self, client):
        edition = make_published_edition(slug="the-lamp", prices={"USD": 999, "EUR": 800})
        Price.objects.filter(currency="USD").update(is_open=True)
        listings.refresh_listing(edition)
        with clock.frozen(NOON + 40 * DAY):
            self.change(edition, EUR=600)
            assert "Reduced by 25%" in client.get("/en-ie/books/the-lamp/").content.decode()

    @pytest.mark.parametrize("region", ["", "/en-ie", "/en-jp"])
    def test_a_book_sold_in_another_currency_can_be_bought_in_it(self, client, region):
        make_published_edition(slug="the-lamp", prices={"EUR": 800})
        page = client.get(f"{region}/books/the-lamp/").content.decode()
        assert f'action="{region}/cart/add/"' in page
        assert 'name="currency" value="EUR"' in page

    def test_is_written_anew_with_the_rest(self):
        edition = make_published_edition(prices={"USD": 999, "EUR": 800})
        listing = Listing.objects.get()
        kept = listing.details.price_history
        listing.details = replace(listing.details, price_history={})
        listing.save()
        assert list(reindexing.reindex_listings()) == [(1, 1)]
        listing.refresh_from_db()
        assert listing.details.price_history == kept
        assert set(kept) == {"USD", "EUR"}
        PriceChange.objects.filter(work=edition.work).delete()  # as of a listing written with many others
        assert list(reindexing.reindex_listings()) == [(1, 0)]
