"""Promotions: what may be planned, and what ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEntry
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from publishing import errors, services
from publishing.models import Price, Promotion, PromotionKind
from publishing.services import OpenPrice
from royalties.errors import PriceTooLow
from tests.factories.promotions import plan
from tests.factories.publishing import make_contributor, make_published_edition, make_work

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.django_db
class TestPlanPromotion:
    def test_lowers_the_price_in_each_currency(self, owner, noon):
        work = make_work(owner=owner, prices={"USD": 499, "EUR": 499})
        plan(work, begins_at=noon + DAY, ends_at=noon + 2 * DAY, USD=199, EUR=0)
        kinds = dict(Promotion.objects.values_list("currency", "kind"))
        assert kinds == {"USD": PromotionKind.PRICE, "EUR": PromotionKind.FREE}
        assert AuditEntry.objects.filter(verb="promotion.planned").count() == 1

    def test_a_beginning_a_moment_ago_is_now(self, owner, noon):
        (made,) = plan(make_work(owner=owner), begins_at=noon - timedelta(minutes=5), ends_at=noon + DAY)
        assert made.begins_at == noon

    @pytest.mark.parametrize(
        ("begins", "ends", "error"),
        [
            (-HOUR, DAY, errors.PromotionInThePast),
            (DAY, DAY, errors.PromotionEndsEarly),
            (2 * DAY, DAY, errors.PromotionEndsEarly),
            (-timedelta(minutes=5), -timedelta(minutes=1), errors.PromotionEndsEarly),
            (DAY, 400 * DAY, errors.PromotionTooFar),
        ],
    )
    def test_refuses_impossible_times(self, owner, noon, begins, ends, error):
        with pytest.raises(error):
            plan(make_work(owner=owner), begins_at=noon + begins, ends_at=noon + ends)
        assert not Promotion.objects.exists()

    @pytest.mark.parametrize("minor", [499, 600, -1])
    def test_must_be_lower(self, owner, noon, minor):
        with pytest.raises(errors.PromotionNotLower, match=r"4\.99"):
            plan(make_work(owner=owner), begins_at=noon, ends_at=noon + DAY, USD=minor)

    def test_must_pay_the_author(self, owner, noon):
        with pytest.raises(PriceTooLow):
            plan(make_work(owner=owner), begins_at=noon, ends_at=noon + DAY, USD=5)

    def test_needs_a_price_in_the_currency(self, owner, noon):
        with pytest.raises(errors.PromotionWithoutPrice, match="EUR"):
            plan(make_work(owner=owner), begins_at=noon, ends_at=noon + DAY, USD=199, EUR=199)
        assert not Promotion.objects.exists(), "all currencies or none"

    def test_leaves_alone_what_readers_choose(self, owner, noon):
        work = make_work(owner=owner)
        services.set_prices(actor=owner, work=work, prices={"USD": OpenPrice(300, 499)}, at=noon)
        with pytest.raises(errors.PromotionOfOpenPrice):
            plan(work, begins_at=noon, ends_at=noon + DAY)

    def test_needs_a_price_at_all(self, owner, noon):
        with pytest.raises(errors.PromotionEmpty):
            services.plan_promotion(
                actor=owner, work=make_work(owner=owner), prices={}, begins_at=noon, ends_at=noon + DAY, at=noon
            )

    @pytest.mark.parametrize(("begins", "ends"), [(0, 1), (1, 2), (1.5, 1.6), (0, 9), (2.9, 5)])
    def test_two_never_overlap(self, owner, noon, begins, ends):
        work = make_work(owner=owner)
        plan(work, begins_at=noon + 0.5 * DAY, ends_at=noon + 3 * DAY)
        with pytest.raises(errors.PromotionOverlaps):
            plan(work, begins_at=noon + begins * DAY, ends_at=noon + ends * DAY)

    def test_one_may_follow_at_once_and_other_currencies_do_not_count(self, owner, noon):
        work = make_work(owner=owner, prices={"USD": 499, "EUR": 499})
        plan(work, begins_at=noon + DAY, ends_at=noon + 2 * DAY)
        plan(work, begins_at=noon + 2 * DAY, ends_at=noon + 3 * DAY)
        plan(work, begins_at=noon, ends_at=noon + DAY)
        plan(work, begins_at=noon, ends_at=noon + 3 * DAY, EUR=199)
        assert Promotion.objects.count() == 4

    def test_belongs_to_the_owner(self, stranger, noon):
        work = make_work()
        plan_it = {"work": work, "prices": {"USD": 199}, "begins_at": noon, "ends_at": noon + DAY, "at": noon}
        with pytest.raises(NotFound):
            services.plan_promotion(actor=stranger, **plan_it)
        make_contributor(work, user=stranger)
        with pytest.raises(NotAllowed):
            services.plan_promotion(actor=stranger, **plan_it)

    def test_not_without_end(self, owner, noon, monkeypatch):
        monkeypatch.setattr("publishing.services.promotions._MAX_PLANNED", 1)
        work = make_work(owner=owner)
        plan(work, begins_at=noon, ends_at=noon + DAY)
        with pytest.raises(errors.TooManyPromotions):
            plan(work, begins_at=noon + 2 * DAY, ends_at=noon + 3 * DAY)


@pytest.mark.django_db
class TestEndPromotion:
    def end(self, promotion, actor=None):
        services.end_promotion(
            actor=actor or promotion.work.owner,
            work=promotion.work,
            promotion_id=promotion.public_id,
            at=clock.now(),
        )

    def test_ends_a_running_one_now_and_keeps_what_it_was(self, owner, noon):
        (made,) = plan(make_work(owner=owner), begins_at=noon, ends_at=noon + DAY)
        with clock.frozen(noon + HOUR):
            self.end(made)
        made.refresh_from_db()
        assert (made.begins_at, made.ends_at) == (noon, noon + HOUR)

    def test_one_that_never_began_leaves_no_trace(self, owner, noon):
        work = make_work(owner=owner)
        (later,) = plan(work, begins_at=noon + DAY, ends_at=noon + 2 * DAY)
        (now,) = plan(work, begins_at=noon, ends_at=noon + HOUR)
        self.end(later)
        self.end(now)
        assert not Promotion.objects.exists()

    def test_what_is_over_stays(self, owner, noon):
        (made,) = plan(make_work(owner=owner), begins_at=noon, ends_at=noon + DAY)
        with clock.frozen(noon + DAY), pytest.raises(errors.PromotionOver):
            self.end(made)

    def test_only_of_the_same_work(self, owner, noon):
        (made,) = plan(make_work(owner=owner), begins_at=noon, ends_at=noon + DAY)
        with pytest.raises(NotFound):
            services.end_promotion(
                actor=owner, work=make_work(owner=owner), promotion_id=made.public_id, at=clock.now()
            )

    def test_is_not_for_strangers(self, stranger, noon):
        (made,) = plan(make_work(), begins_at=noon, ends_at=noon + DAY)
        with pytest.raises(NotFound):
            self.end(made, stranger)


@pytest.mark.django_db
class TestFixedPrices:
    def test_keeps_what_the_law_knows(self, owner, noon):
        work = make_work(owner=owner)
        services.set_fixed_prices(actor=owner, work=work, choices={"DE": True, "FR": False, "US": True}, at=noon)
        work.refresh_from_db()
        assert work.fixed_prices == {"DE": True, "FR": False}
        assert work.fixed_in(noon.date()) == ("DE",)

    def test_by_default_an_author_who_publishes_alone_is_free_in_germany(self, owner, noon):
        assert make_work(owner=owner).fixed_in(noon.date()) == ("FR",)
        assert make_work(owner=owner, language="de-AT").fixed_in(noon.date()) == ("AT", "FR")

    def test_the_table_is_dated(self, owner, noon):
        assert make_work(owner=owner).fixed_in(noon.date().replace(year=2011, month=11, day=10)) == ()

    def test_belongs_to_the_owner(self, stranger, noon):
        with pytest.raises(NotFound):
            services.set_fixed_prices(actor=stranger, work=make_work(), choices={"DE": True}, at=noon)


@pytest.mark.django_db
class TestDatabase:
    def test_free_and_priced_are_told_apart(self, owner, noon):
        work = make_work(owner=owner)
        values = {"work": work, "currency": "USD", "begins_at": noon, "created_by": owner, "created_at": noon}
        for wrong in (
            {"kind": PromotionKind.FREE, "price_minor": 1, "ends_at": noon + DAY},
            {"kind": PromotionKind.PRICE, "price_minor": 0, "ends_at": noon + DAY},
            {"kind": PromotionKind.FREE, "price_minor": 0, "ends_at": noon},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Promotion.objects.create(**values, **wrong)

    def test_a_price_that_was_read_without_its_promotion_tells_no_price(self, owner):
        with pytest.raises(AttributeError):
            Price.objects.get(work=make_work(owner=owner)).now()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls return, or refuse, each on a connection of its own."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except DomainError as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.race
@pytest.mark.usefixtures("racing_db")
def test_of_two_for_the_same_time_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)
    work, now = make_published_edition().work, clock.now()

    def begin(after: timedelta) -> Callable[[], Any]:
        def call() -> int:
            with clock.frozen(now):
                return len(plan(work, begins_at=now + DAY + after, ends_at=now + 3 * DAY))

        return call

    found = at_once(*[begin(number * HOUR) for number in range(4)])
    assert sorted(found, key=str) == sorted([1, *[errors.PromotionOverlaps] * 3], key=str)
    assert Promotion.objects.count() == 1
