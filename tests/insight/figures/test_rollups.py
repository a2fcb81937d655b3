"""Sums by day are what happened: a second count that shares no code with them agrees on every day."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common import clock
from insight.events.models import Event, EventKind
from insight.events.services import forgetting
from insight.figures.models import OwnerDay, WorkDay, WorkDaySource
from insight.figures.selectors import recount
from insight.figures.services import checks, rollups
from publishing.models import Work
from storefront.checkout.models import Order, OrderLine, Refund, RefundState
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy, make_book
from tests.factories.insight import make_event, make_link

pytestmark = [pytest.mark.both, pytest.mark.django_db]
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
MONDAY = NOON.date()


def sums(work: Work, day: date = MONDAY) -> WorkDay:
    return WorkDay.objects.get(work=work, day=day)


class TestRollUp:
    def test_counts_views_samples_carts_and_visitors(self) -> None:
        work = make_book().work
        for visitor in (b"a", b"a", b"b", None):
            make_event(work, day=MONDAY, visitor=visitor)
        make_event(work, day=MONDAY, kind=EventKind.SAMPLE, visitor=b"a")
        make_event(work, day=MONDAY, kind=EventKind.CART)
        rollups.roll_up(day=MONDAY, at=NOON)
        day = sums(work)
        assert (day.views, day.samples, day.carts, day.visitors, day.left_out) == (4, 1, 1, 2, 0)

    def test_leaves_machines_out_and_says_how_many(self) -> None:
        work = make_book().work
        make_event(work, day=MONDAY, visitor=b"a")
        make_event(work, day=MONDAY, visitor=b"c", is_bot=True)
        rollups.roll_up(day=MONDAY, at=NOON)
        assert (sums(work).views, sums(work).visitors, sums(work).left_out) == (1, 1, 1)

    def test_flags_whoever_looks_at_more_than_sixty_works_an_hour(self) -> None:
        author = make_author()
        works = [make_book(owner=author).work for _ in range(61)]
        for work in works:
            make_event(work, day=MONDAY, visitor=b"machine")
        for work in works[:60]:
            make_event(work, day=MONDAY, visitor=b"reader")
        make_event(works[0], day=MONDAY, hour=10, visitor=b"machine")
        rollups.roll_up(day=MONDAY, at=NOON)
        day = OwnerDay.objects.get()
        assert (day.views, day.left_out, day.visitors) == (61, 61, 2)

    def test_visitors_of_an_owner_are_people_not_sums(self) -> None:
        author = make_author()
        for _ in range(2):
            make_event(make_book(owner=author).work, day=MONDAY, visitor=b"a")
        rollups.roll_up(day=MONDAY, at=NOON)
        assert OwnerDay.objects.get().visitors == 1
        assert sum(WorkDay.objects.values_list("visitors", flat=True)) == 2

    def test_keeps_the_visitors_when_their_hashes_are_gone(self) -> None:
        work = make_book().work
        make_event(work, day=MONDAY, visitor=b"a")
        rollups.roll_up(day=MONDAY, at=NOON)
        later = NOON + timedelta(days=2)
        forgetting.forget(at=later)
        assert not Event.objects.filter(visitor__isnull=False).exists()
        rollups.roll_up(day=MONDAY, at=later)
        assert (sums(work).visitors, OwnerDay.objects.get().visitors) == (1, 1)

    def test_twice_is_the_same(self) -> None:
        work = make_book().work
        make_event(work, day=MONDAY)
        for _ in range(2):
            rollups.roll_up(day=MONDAY, at=NOON)
        assert (WorkDay.objects.count(), OwnerDay.objects.count(), WorkDaySource.objects.count()) == (1, 1, 1)

    def test_forgets_a_sale_that_was_called_off_meanwhile(self) -> None:
        book = make_book()
        order = buy(make_reader(), book)
        Order.objects.update(paid_at=NOON)
        rollups.roll_up(day=MONDAY, at=NOON)
        assert sums(book.work).sales == 1
        Order.objects.filter(pk=order.pk).update(state="quarantined")
        rollups.roll_up(day=MONDAY, at=NOON)
        assert not WorkDay.objects.exists()

    def test_a_sale_has_its_link_and_country(self) -> None:
        book = make_book()
        link = make_link(book.work)
        buy(make_reader(), book)
        OrderLine.objects.update(via=link.code)
        Order.objects.update(paid_at=NOON)
        rollups.roll_up(day=MONDAY, at=NOON)
        row = WorkDaySource.objects.get()
        assert (row.source, row.country, row.sales) == (link.source, "US", 1)
        OrderLine.objects.update(via="madeup12")
        rollups.roll_up(day=MONDAY, at=NOON)
        assert WorkDaySource.objects.get().source == ""

    def test_made_up_sites_do_not_fill_the_table(self) -> None:
        work = make_book().work
        for number in range(30):
            for _ in range(2 if number < 20 else 1):
                make_event(work, day=MONDAY, source=f"site-{number}.example")
        rollups.roll_up(day=MONDAY, at=NOON)
        assert WorkDaySource.objects.count() == 21
        assert WorkDaySource.objects.get(source="other").views == 10

    def test_the_last_days_are_made_again(self) -> None:
        work = make_book().work
        for back in range(6):
            make_event(work, day=MONDAY - timedelta(days=back))
        rollups.roll_up_recent(at=NOON)
        days = set(WorkDay.objects.values_list("day", flat=True))
        assert days == {MONDAY - timedelta(days=back) for back in range(4)}


def trade(seed: int, days: int) -> None:
    """Some weeks of visits, sales and returns, at random."""
    chance = random.Random(seed)
    authors = [make_author() for _ in range(2)]
    books = [make_book(owner=author) for author in authors for _ in range(2)]
    links = [make_link(book.work, code=f"code{number}") for number, book in enumerate(books)]
    kinds = [EventKind.VIEW] * 6 + [EventKind.SAMPLE, EventKind.CART]
    for back in range(days):
        day = MONDAY - timedelta(days=back)
        for _ in range(chance.randrange(30)):
            number = chance.randrange(4)
            make_event(
                books[number].work,
                day=day,
                hour=chance.randrange(24),
                kind=chance.choice(kinds),
                source=chance.choice(["", "shop", "example.org", links[number].source]),
                country=chance.choice(["", "DE", "US"]),
                visitor=chance.choice([None, b"a", b"b", b"c"]),
                is_bot=chance.random() < 0.1,
            )
    for _ in range(12):
        buy(make_reader(), chance.choice(books))
    for line in OrderLine.objects.select_related("order"):
        at = NOON - timedelta(days=chance.randrange(days), hours=chance.randrange(12))
        Order.objects.filter(pk=line.order_id).update(paid_at=at)
        OrderLine.objects.filter(pk=line.pk).update(via=chance.choice(["", "code0", "code1"]))
        if chance.random() < 0.8:
            Refund.objects.create(
                line=line,
                payment=line.order.payments.get(),
                state=chance.choice([*[RefundState.SUCCEEDED] * 3, RefundState.FAILED, RefundState.PROPOSED]),
                amount_minor=line.paid_minor - chance.choice([0, 0, 0, 1]),
                currency="USD",
                requested_at=at,
                finished_at=at + timedelta(days=chance.randrange(3)),
            )


class TestTheSecondCount:
    @pytest.mark.parametrize("seed", range(3))
    def test_agrees_on_every_day(self, seed: int) -> None:
        trade(seed, days=15)
        for back in range(-3, 15):
            rollups.roll_up(day=MONDAY - timedelta(days=back), at=NOON)
        assert WorkDay.objects.count() > 20
        assert sum(WorkDay.objects.values_list("returns", flat=True)) > 0
        for back in range(-3, 15):
            assert recount.differences(MONDAY - timedelta(days=back), at=NOON) == []

    @pytest.mark.parametrize(
        ("sums", "change"),
        [
            (WorkDay, {"views": 99}),
            (WorkDay, {"visitors": 99}),
            (WorkDay, {"left_out": 99}),
            (OwnerDay, {"sales": 99}),
            (WorkDaySource, {"samples": 99}),
        ],
    )
    def test_tells_a_wrong_sum(self, sums: type[WorkDay], change: dict[str, int]) -> None:
        make_event(make_book().work, day=MONDAY, visitor=b"a")
        rollups.roll_up(day=MONDAY, at=NOON)
        sums.objects.update(**change)
        found = recount.differences(MONDAY, at=NOON)
        assert [(one.what, one.stored) for one in found] == list(change.items())

    def test_tells_a_missing_day(self) -> None:
        make_event(make_book().work, day=MONDAY)
        assert {one.what for one in recount.differences(MONDAY, at=NOON)} == {"views"}

    def test_the_night_mends_what_differs(self) -> None:
        work = make_book().work
        yesterday = MONDAY - timedelta(days=1)
        make_event(work, day=yesterday)
        rollups.roll_up(day=yesterday, at=NOON)
        WorkDay.objects.update(views=99)
        checks.check_random_day(at=NOON)
        assert sums(work, yesterday).views == 1

    def test_the_command_says_what_differs(self) -> None:
        day = clock.now().date() - timedelta(days=1)
        make_event(make_book().work, day=day)
        rollups.roll_up(day=day, at=clock.now())
        out = StringIO()
        call_command("check_figures", stdout=out)
        assert "1 days agree" in out.getvalue()
        WorkDay.objects.update(samples=4)
        with pytest.raises(CommandError, match="1 sums differ"):
            call_command("check_figures", "--day", str(day), stdout=out)
        assert "samples of work" in out.getvalue()
        assert "4 stored, 0 counted" in out.getvalue()
