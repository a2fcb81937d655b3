"""Subscriptions to market reports: what is charged, when, and that it never becomes a debt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from accounts.models import AuditEntry, User
from common.errors import NotAllowed
from insight.market_reports.errors import EarningsTooLow, ReportsNotSold
from insight.market_reports.models import ReportPrice, ReportSubscription
from insight.market_reports.services import subscriptions
from royalties.models import JournalEntry
from royalties.selectors.payout_flow import balance_of
from royalties.services import invariants
from tests.factories.accounts import make_reader
from tests.royalties.database import run_together
from tests.royalties.factories import payable, user

BEGIN = datetime(2027, 1, 31, 9, 0, tzinfo=UTC)
SECOND = datetime(2027, 2, 28, 9, 0, tzinfo=UTC)
PRICE = 900


def rich(paid: int = 3000) -> User:
    return payable(user(is_author=True), paid=paid)


def left(person: User) -> int:
    return balance_of(person, "payable", "USD")


def begun(person: User, at: datetime = BEGIN) -> ReportSubscription:
    return subscriptions.subscribe(actor=person, currency="USD", at=at)


@pytest.mark.both
@pytest.mark.django_db
class TestSubscribe:
    def test_pays_the_first_month_at_once(self) -> None:
        person = rich()
        before = left(person)
        subscription = begun(person)
        assert left(person) == before - PRICE
        assert (subscription.months, subscription.paid_until) == (1, SECOND)
        assert (
            JournalEntry.objects.get(external_id=f"plan_fee:{subscription.public_id}:1").reference == person.public_id
        )
        assert invariants.check_invariants() == []

    def test_nothing_is_charged_twice(self) -> None:
        person = rich()
        assert begun(person) == begun(person, BEGIN + timedelta(days=3))
        assert ReportSubscription.objects.get().months == 1

    def test_earnings_that_do_not_cover_it_charge_nothing(self) -> None:
        person = payable(user(is_author=True), paid=499)
        with pytest.raises(EarningsTooLow):
            begun(person)
        assert left(person) == 415
        assert not ReportSubscription.objects.exists()

    def test_a_reader_has_no_earnings(self) -> None:
        with pytest.raises(NotAllowed):
            begun(make_reader())

    def test_a_currency_without_a_price(self) -> None:
        ReportPrice.objects.create(currency="USD", effective_at=BEGIN, monthly_minor=0)
        with pytest.raises(ReportsNotSold):
            begun(rich())


@pytest.mark.both
@pytest.mark.django_db
class TestMonths:
    def test_the_next_month_is_charged_when_the_first_is_over(self) -> None:
        person = rich()
        subscription = begun(person)
        before = left(person)
        assert subscriptions.renew_due(at=SECOND - timedelta(seconds=1)) == 0
        assert subscriptions.renew_due(at=SECOND) == 1
        assert subscriptions.renew_due(at=SECOND) == 0
        subscription.refresh_from_db()
        assert (left(person), subscription.months) == (before - PRICE, 2)
        assert subscription.paid_until == datetime(2027, 3, 28, 9, 0, tzinfo=UTC)

    def test_months_without_access_are_not_charged(self) -> None:
        """After two months without a worker, the month that is charged begins now."""
        person = rich(9000)
        subscription = begun(person)
        late = SECOND + timedelta(days=61)
        assert subscriptions.renew_due(at=late) == 1
        assert subscriptions.renew_due(at=late) == 0
        subscription.refresh_from_db()
        assert (subscription.months, subscription.paid_until.month) == (2, 5)

    def test_it_keeps_its_price(self) -> None:
        person = rich()
        begun(person)
        ReportPrice.objects.create(currency="USD", effective_at=BEGIN + timedelta(days=1), monthly_minor=9900)
        assert subscriptions.renew_due(at=SECOND) == 1

    def test_without_enough_earnings_it_ends_without_a_debt(self, django_capture_on_commit_callbacks) -> None:
        person = payable(user(is_author=True), paid=1999)
        begun(person)
        before = left(person)
        assert before < PRICE
        with django_capture_on_commit_callbacks(execute=True):
            assert subscriptions.renew_due(at=SECOND) == 0
        assert (left(person), balance_of(person, "owed", "USD")) == (before, 0)
        assert ReportSubscription.objects.get().ended_at == SECOND
        assert [message.to for message in mail.outbox] == [[person.email]]
        assert AuditEntry.objects.get(verb="market_reports.ended").actor is None
        assert invariants.check_invariants() == []

    def test_what_is_cancelled_ends_with_the_paid_month(self) -> None:
        person = rich()
        begun(person)
        before = left(person)
        subscriptions.cancel(actor=person, at=BEGIN + timedelta(days=2))
        assert subscriptions.renew_due(at=SECOND) == 0
        assert left(person) == before
        assert ReportSubscription.objects.get().ended_at == SECOND
        assert not mail.outbox

    def test_a_cancelled_one_goes_on_without_a_second_charge(self) -> None:
        person = rich()
        begun(person)
        subscriptions.cancel(actor=person, at=BEGIN + timedelta(days=2))
        before = left(person)
        begun(person, BEGIN + timedelta(days=3))
        assert left(person) == before
        assert subscriptions.renew_due(at=SECOND) == 1

    def test_one_that_is_over_begins_anew(self) -> None:
        person = rich()
        first = begun(person)
        second = begun(person, SECOND + timedelta(days=1))
        first.refresh_from_db()
        assert (first.ended_at, second.months) == (SECOND + timedelta(days=1), 1)


@pytest.mark.django_db(transaction=True)
def test_two_buttons_pressed_at_once_charge_once() -> None:
    person = rich(9000)
    before = left(person)
    results = run_together(lambda: begun(person), lambda: begun(person), lambda: begun(person))
    assert results == [ReportSubscription.objects.get()] * 3  # without the lock, two break the constraint
    assert left(person) == before - PRICE
