"""A worker whose host is a month ahead of the database moves no money early, and what such a one moved is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks

from common import clock, jobs
from royalties.models import JournalEntry, Payout, PayoutState, PersonHold, Reserve, SaleRecord, SaleState
from royalties.services import clearing, invariants, payouts, reserves
from tests.royalties.factories import breakdown, edition, payout_account, recorded_sale, user

pytestmark = [pytest.mark.django_db]
AHEAD = timedelta(days=40)
# Where a moment decides about money: these ask the database.
_BY_DATABASE = [
    "royalties/tasks.py",
    "royalties/handlers.py",
    "royalties/management/commands/*.py",
    "royalties/services/**/*.py",
    "storefront/checkout/orders/services/settlement.py",
    "storefront/checkout/disputes/services/disputes.py",
    "storefront/checkout/disputes/services/fraud.py",
    "storefront/checkout/retry_stuck.py",
    "storefront/checkout/refunds/services/*.py",
]
# Reads of what terms say, for a page.
_FOR_PAGES = {"royalties/services/terms.py", "royalties/management/commands/net_per_sale.py"}


def now() -> datetime:
    """The right time: this machine's, which the database shares."""
    return datetime.now(UTC)


@pytest.fixture
def ahead(monkeypatch):
    """The host's clock is 40 days ahead of the database's, and the shop's clock runs."""
    monkeypatch.setattr(clock, "real_now", lambda: datetime.now(UTC) + AHEAD)
    with clock.frozen(None):  # type: ignore[arg-type]
        yield


def sold(at: datetime) -> SaleRecord:
    book = edition()
    made = recorded_sale(of=book, given=breakdown(book), sold_at=at)
    return SaleRecord.objects.get(reference=made.reference)


@pytest.fixture
def fiona(db):
    return user("Fiona", is_finance=True)


def pending(fiona, **account) -> Payout:
    """A payout of a run that a second person approved; nobody sent it yet."""
    sale = sold(now() - timedelta(days=30))
    clearing.clear_due(at=now())
    author = sale.shares.get().user
    payout_account(author, **{"changed_at": now(), "usable_from": now() - timedelta(days=1), **account})
    run = payouts.propose_run(actor=fiona, currency="USD", at=now())
    with jobs.collect_messages():
        payouts.approve_run(actor=user("Felix", is_finance=True), run=run, at=now())
    return run.payouts.get()


class TestDoors:
    def test_a_sale_of_the_hour_does_not_clear(self, ahead):
        sale = sold(now())
        jobs.run_now("royalties.clear_due")
        sale.refresh_from_db()
        assert sale.state == SaleState.CLEARING

    def test_one_whose_window_is_over_clears_today(self, ahead):
        sale = sold(now() - timedelta(days=20))
        jobs.run_now("royalties.clear_due")
        sale.refresh_from_db()
        assert sale.cleared_at is not None
        assert abs(sale.cleared_at - now()) < timedelta(minutes=5)

    def test_a_reserve_is_not_released(self, ahead, fiona):
        sale = sold(now() - timedelta(days=20))
        reserves.impose(
            actor=fiona,
            user=sale.shares.get().user,
            rate_bps=1000,
            days=30,
            reason="Many returns.",
            until=now() + timedelta(days=90),
            at=now(),
        )
        clearing.clear_due(at=now())
        jobs.run_now("royalties.clear_due")
        assert Reserve.objects.get().released_at is None

    def test_a_hold_is_not_over(self, ahead, fiona):
        payout = pending(fiona)
        hold = PersonHold.objects.create(
            user=payout.user, reason="A look.", ends_at=now() + timedelta(days=30), imposed_by=fiona, begins_at=now()
        )
        payouts.send_payout(payout_id=payout.pk)
        payout.refresh_from_db()
        assert (payout.state, payout.person_hold) == (PayoutState.HELD, hold)
        payouts.retry_stuck()
        payout.refresh_from_db()
        assert payout.state == PayoutState.HELD

    def test_an_answer_that_another_worker_waits_for_is_not_given_up(self, ahead, fiona, monkeypatch):
        """The provider forgets a key after a day. A call of this minute is not so old, whatever the host says."""
        payout = pending(fiona)
        Payout.objects.update(first_call_at=now())
        payout.refresh_from_db()
        assert not payouts.outbox._key_is_old(payout)

    def test_entries_say_when_the_database_wrote_them(self, ahead):
        sold(now())
        assert abs(JournalEntry.objects.get().recorded_at - now()) < timedelta(minutes=5)

    @pytest.mark.parametrize("pattern", _BY_DATABASE)
    def test_nothing_about_money_asks_the_host(self, pattern):
        root = Path(__file__).resolve().parent.parent.parent
        asking = {str(path.relative_to(root)) for path in root.glob(pattern) if "clock.now()" in path.read_text()}
        assert asking - _FOR_PAGES == set()


class TestRules:
    def test_what_cleared_early_by_a_wrong_clock_is_found(self, ahead, settings):
        """Also where the worker believed itself to be right: its own moment says nothing."""
        settings.ALLOW_TIME_TRAVEL = False
        sold(now())
        assert clearing.clear_due(at=now() + AHEAD) == 1
        assert [(found.rule, found.detail) for found in invariants.check_invariants()] == [
            ("I10", "cleared before its window ended")
        ]

    def test_a_reserve_released_early_by_a_wrong_clock_is_found(self, ahead, settings, fiona):
        settings.ALLOW_TIME_TRAVEL = False
        sale = sold(now() - timedelta(days=20))
        until = now() + timedelta(days=90)
        author = sale.shares.get().user
        reserves.impose(actor=fiona, user=author, rate_bps=1000, days=30, reason="Returns.", until=until, at=now())
        clearing.clear_due(at=now())
        assert invariants.check_invariants() == []
        assert reserves.release_due(at=now() + AHEAD) == 1
        assert [(found.rule, found.detail) for found in invariants.check_invariants()] == [
            ("I10", "was released before its day")
        ]


class TestSkew:
    def test_a_host_that_is_ahead_is_named(self, ahead):
        (found,) = [one for one in run_checks(databases=["default"]) if one.id == "common.W003"]
        assert "s ahead of the database's" in found.msg

    def test_one_in_step_is_not(self):
        assert [one for one in run_checks(databases=["default"]) if one.id == "common.W003"] == []
