"""A code that anybody may use counts as a price of the thirty days before a reduction."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from common import clock
from publishing.models import Work
from storefront.catalogue.selectors.prices import CodePeriod, counting_codes, price_history
from storefront.checkout.coupons import selectors as coupons
from tests.conftest import NOON
from tests.factories.accounts import make_author
from tests.factories.offers import make_author_coupon, make_platform_coupon
from tests.factories.publishing import make_work

DAY = timedelta(days=1)


def seen(*codes: CodePeriod, price: int = 499):
    """The reduction on day 100, of a book at 9.99 that has cost `price` since day 95."""
    stored = [(NOON, 999), (NOON + 95 * DAY, price)]
    history = price_history(stored, currency="USD", now=NOON + 100 * DAY)
    assert history is not None
    return counting_codes(history, codes).reduction


def code(begins: int, ends: int, *, percent_bps: int | None = 3000, amount: int = 0) -> CodePeriod:
    return CodePeriod(NOON + begins * DAY, NOON + ends * DAY, percent_bps, amount)


class TestCountingCodes:
    def test_lowers_the_lowest_price(self) -> None:
        found = seen(code(80, 85))
        assert found is not None and (found.lowest_minor, found.percent) == (699, 28)

    def test_an_amount(self) -> None:
        found = seen(code(80, 85, percent_bps=None, amount=200))
        assert found is not None and found.lowest_minor == 799

    def test_takes_the_announcement_back(self) -> None:
        assert seen(code(80, 85, percent_bps=5100)) is None
        assert seen(code(80, 85, percent_bps=None, amount=5000)) is None

    @pytest.mark.parametrize(("begins", "ends"), [(10, 65), (95, 99), (96, 200)])
    def test_counts_within_the_thirty_days_alone(self, begins: int, ends: int) -> None:
        found = seen(code(begins, ends))
        assert found is not None and found.lowest_minor == 999

    def test_counts_if_it_ran_for_a_part_of_them(self) -> None:
        for begins, ends in ((0, 66), (94, 200)):
            found = seen(code(begins, ends))
            assert found is not None and found.lowest_minor == 699

    def test_without_a_reduction_there_is_nothing_to_say(self) -> None:
        assert seen(code(80, 85), price=999) is None


@pytest.mark.django_db
class TestCodesForEverybody:
    def of(self, work: Work, since: datetime = NOON - 30 * DAY) -> list[tuple[int | None, int]]:
        found = coupons.codes_for_everybody(work.pk, "USD", since=since, until=clock.now())
        return [(one.percent_bps, one.amount_minor) for one in found]

    def test_of_the_author_and_of_the_platform(self, noon) -> None:
        author = make_author()
        work, other = make_work(owner=author), make_work(owner=author)
        make_author_coupon(author, begins_at=NOON - 3 * DAY)
        make_author_coupon(author, work, begins_at=NOON - 3 * DAY, percent_bps=None, amounts={"USD": 100})
        make_platform_coupon(begins_at=NOON - 3 * DAY, percent_bps=1000)
        assert sorted(self.of(work), key=str) == [(1000, 0), (2000, 0), (None, 100)]
        assert sorted(self.of(other), key=str) == [(1000, 0), (2000, 0)]

    def test_not_personal_ones_nor_those_of_others(self, noon) -> None:
        author = make_author()
        work = make_work(owner=author)
        make_author_coupon(author, begins_at=NOON - 3 * DAY, uses_limit=20)
        make_author_coupon(make_author(), begins_at=NOON - 3 * DAY)
        make_author_coupon(author, make_work(owner=author), begins_at=NOON - 3 * DAY)
        make_author_coupon(author, begins_at=NOON + DAY)
        ended = make_author_coupon(author, begins_at=NOON - 90 * DAY)
        ended.stopped_at = NOON - 40 * DAY
        ended.save()
        assert self.of(work) == []

    def test_ends_when_it_was_stopped(self, noon) -> None:
        author = make_author()
        work = make_work(owner=author)
        one = make_author_coupon(author, begins_at=NOON - 9 * DAY)
        one.stopped_at = NOON - 3 * DAY
        one.save()
        (found,) = coupons.codes_for_everybody(work.pk, "USD", since=NOON - 30 * DAY, until=NOON)
        assert found.ends_at == NOON - 3 * DAY
