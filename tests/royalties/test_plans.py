from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from common.money import Money
from royalties.dto import QuoteLine
from royalties.errors import PlanUnknown
from royalties.models import (
    AccountBalance,
    PlanMembership,
    PlanPrice,
    ProcessorFeeSchedule,
    RoyaltyTerms,
    SaleRecord,
)
from royalties.selectors import economics, sale_terms, trial_balance
from royalties.selectors.plans import CheapestRange, plan_page
from royalties.services import appeals, clearing, disputes, invariants, plans, returns, sales
from royalties.services.disputes import DisputeFacts
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, WINDOW, edition, payable, recorded_sale, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
JANUARY = datetime(2027, 1, 1, tzinfo=UTC)


def choose(person, code="studio", at=NOON) -> PlanMembership:
    return plans.choose_plan(actor=person, code=code, currency="USD", at=at)


def values(one) -> dict[str, object]:
    return {name: value for name, value in vars(one).items() if name != "_state"}


def fee(of, at) -> int:
    (line,) = sales.quote(lines=[QuoteLine(of.pk, Money(1000, "USD"), Money(0, "USD"))], at=at)
    return line.platform_fee.amount_minor


class TestChoosePlan:
    def test_holds_from_the_next_month(self):
        book = edition()
        choose(book.work.owner)
        before = fee(book, DECEMBER - timedelta(microseconds=1))
        assert (before, fee(book, DECEMBER)) == (80, 40)

    def test_each_line_has_its_authors_terms(self, django_assert_max_num_queries):
        books = [edition() for _ in range(4)]
        choose(books[1].work.owner)
        choose(books[2].work.owner, "share")
        lines = [QuoteLine(book.pk, Money(1000, "USD"), Money(0, "USD")) for book in books]
        with django_assert_max_num_queries(1):
            quoted = sales.quote(lines=lines, at=DECEMBER)
        assert [line.platform_fee.amount_minor for line in quoted] == [80, 40, 80, 80]

    def test_the_statement_says_what_querysets_would(self):
        books = [edition() for _ in range(4)]
        choose(books[1].work.owner)
        choose(books[2].work.owner, "share")
        choose(books[3].work.owner)
        choose(books[3].work.owner, "share", at=DECEMBER)
        RoyaltyTerms.objects.filter(plan__code="share", currency="EUR").delete()
        studio = RoyaltyTerms.objects.get(plan__code="studio", currency="USD")
        later = {"pk": None, "name": "Later", "platform_fee_bps": 1, "effective_at": DECEMBER}
        RoyaltyTerms(**{**values(studio), **later}).save()
        ids = [book.pk for book in books]
        for currency in ("USD", "EUR", "XXX"):
            for at in (NOON, DECEMBER - timedelta(microseconds=1), DECEMBER, JANUARY):
                terms, fees = sale_terms.terms_by_edition(ids, currency=currency, at=at)
                by_plan = RoyaltyTerms.objects.by_plan(currency=currency, at=at)
                wanted = {None: by_plan[None]} if by_plan else {}
                for member in PlanMembership.objects.in_force(at).filter(plan__in=by_plan):
                    wanted |= {
                        book.pk: by_plan[member.plan_id] for book in books if book.work.owner_id == member.user_id
                    }
                assert terms == wanted
                schedule = ProcessorFeeSchedule.objects.in_force(currency=currency, at=at)
                assert fees == (schedule.as_fees() if schedule is not None else None)

    def test_a_sale_keeps_the_terms_it_was_sold_under(self):
        book = edition()
        choose(book.work.owner)
        sold = recorded_sale(of=book, sold_at=DECEMBER)
        choose(book.work.owner, "share", at=DECEMBER)
        assert SaleRecord.objects.get(reference=sold.reference).terms.plan.code == "studio"

    def test_choosing_again_replaces_what_has_not_begun(self):
        person = user()
        choose(person)
        choose(person, "share")
        assert [m.plan.code for m in person.plan_memberships.all()] == ["share"]

    def test_today_ends_when_the_next_begins(self):
        person = user()
        choose(person)
        choose(person, "share", at=DECEMBER)
        ended, following = person.plan_memberships.order_by("starts_at")
        assert (ended.ends_at, following.starts_at) == (JANUARY, JANUARY)

    def test_replacing_the_next_keeps_today(self):
        person = user()
        choose(person)
        choose(person, "studio", at=DECEMBER)
        choose(person, "share", at=DECEMBER)
        assert [m.plan.code for m in person.plan_memberships.order_by("starts_at")] == ["studio", "share"]

    @pytest.mark.parametrize("code", ["gold", "insight"])
    def test_unknown_plan(self, code):
        with pytest.raises(PlanUnknown):
            choose(user(), code)


class TestChargeDue:
    def owed(self) -> dict[str, int]:
        rows = AccountBalance.objects.filter(account__kind__startswith="contributor").exclude(balance_minor=0)
        return {row.account.kind: abs(row.balance_minor) for row in rows}

    def test_from_payable_then_owed(self):
        person = payable()  # 4.15
        choose(person)
        assert plans.charge_due(at=DECEMBER) == 1
        assert self.owed() == {"contributor_receivable": 485}
        assert invariants.check_invariants() == []

    def test_once_a_month_whatever_is_payable_then(self):
        person = payable()
        choose(person)
        plans.charge_due(at=DECEMBER)
        payable(person, paid=1999)
        assert plans.charge_due(at=DECEMBER + timedelta(hours=1)) == 0
        assert plans.charge_due(at=JANUARY) == 1

    def test_not_before_it_begins_nor_after_it_ended(self):
        person = user()
        choose(person)
        choose(person, "share", at=DECEMBER)
        assert plans.charge_due(at=DECEMBER - timedelta(seconds=1)) == 0
        assert plans.charge_due(at=JANUARY) == 0

    @pytest.mark.race
    def test_two_beats_charge_once(self, racing_db):
        choose(payable())
        results = run_together(*[lambda: plans.charge_due(at=DECEMBER)] * 6)
        assert sorted(results) == [0, 0, 0, 0, 0, 1]


class TestPlanPage:
    def test_what_each_would_have_cost(self):
        book = edition()
        for _ in range(10):
            recorded_sale(of=book, paid=1000)
        page = plan_page(user=book.work.owner, currency="USD", at=NOON)
        assert {o.plan.code: o.costs[0].total.amount_minor for o in page.offers} == {
            "share": 800,
            "studio": 400 + 3 * 900,
        }
        assert [o.plan.code for o in page.offers if o.costs[0].is_least] == ["share"]
        assert page.dearer == []

    @pytest.mark.parametrize(("currency", "meeting"), [("USD", 22500), ("EUR", 22500), ("GBP", 20000)])
    def test_says_at_which_sales_each_is_the_cheaper(self, currency, meeting):
        share, studio = plan_page(user=user(), currency=currency, at=NOON).offers
        at = Money(meeting, currency)
        assert share.cheapest == CheapestRange(Money(0, currency), at)
        assert studio.cheapest == CheapestRange(at, None)

    def test_meets_to_the_cent(self):
        PlanPrice.objects.filter(plan__code="studio", currency="USD").update(monthly_minor=901)
        RoyaltyTerms.objects.filter(plan__code="studio", currency="USD").update(platform_fee_bps=500)
        share, studio = plan_page(user=user(), currency="USD", at=NOON).offers
        # 8 % of 300.33 is 24.0264, and 9.01 with 5 % of it 24.0265: the cent after is where Studio costs less
        assert share.cheapest is not None
        assert studio.cheapest is not None
        assert (share.cheapest.end, studio.cheapest.start) == (Money(30034, "USD"), Money(30034, "USD"))

    def test_a_plan_that_is_never_the_cheapest(self):
        RoyaltyTerms.objects.filter(plan__code="studio", currency="USD").update(platform_fee_bps=800)
        share, studio = plan_page(user=user(), currency="USD", at=NOON).offers
        assert (share.cheapest, studio.cheapest) == (CheapestRange(Money(0, "USD"), None), None)

    def test_says_when_the_plan_of_today_is_the_dearer_one(self, client):
        book = edition()
        for _ in range(10):
            recorded_sale(of=book, paid=10_000)
        owner = book.work.owner
        (dearer,) = plan_page(user=owner, currency="USD", at=NOON).dearer
        assert (dearer.plan.code, dearer.difference) == ("studio", Money(8000 - 4000 - 2700, "USD"))
        client.force_login(owner)
        text = client.get(reverse("earnings-plan")).content.decode()
        assert "Studio would have cost you $13.00 less than your plan" in text
        assert "Cheapest with sales of less than $225.00 a month." in text
        assert "nsight" not in text

    def test_queries_do_not_grow(self, django_assert_num_queries):
        book = edition()
        for _ in range(5):
            recorded_sale(of=book)
        with django_assert_num_queries(5):
            plan_page(user=book.work.owner, currency="USD", at=NOON)


class TestEconomics:
    def test_tie_to_the_trial_balance(self):
        made = [recorded_sale(paid=999, tax=65) for _ in range(3)]
        sales.record_processor_fee(
            order_reference=made[0].order_reference, fee=Money(70, "USD"), external_id="txn", at=NOON
        )
        returns.record_refund(reference=made[2].reference, external_id="r", at=NOON)
        clearing.clear_due(at=NOON + WINDOW)
        choose(payable())
        plans.charge_due(at=DECEMBER)
        months = economics.by_month(until=JANUARY)
        results = {kind.value for kind in economics.RESULT_KINDS}
        balance = sum(row.balance_minor for row in trial_balance.trial_balance() if row.kind in results)
        assert economics.totals(months) == {"USD": -balance}
        november = next(month for month in months if str(month.month) == "2026-11")
        assert (november.sales, november.gross, november.given_back) == (4, 3 * 999 + 499, 999)
        assert november.fee_real == 70
        assert sum(month.plan_fees for month in months) == 900
        assert sum(month.tax for month in months) == 2 * 65

    def test_what_banks_took_for_good(self):
        facts = DisputeFacts("du_1", recorded_sale().order_reference, Money(499, "USD"), Money(1500, "USD"), NOON)
        disputes.open_dispute(facts=facts)
        assert [month.lost for month in economics.by_month(until=JANUARY)] == [0]
        disputes.lose_dispute(external_id="du_1", at=NOON)
        assert [month.lost for month in economics.by_month(until=JANUARY)] == [499]
        appeals.win_on_appeal(external_id="du_1", at=NOON)
        assert [month.lost for month in economics.by_month(until=JANUARY)] == [0]

    def test_queries_do_not_grow(self, django_assert_num_queries):
        for _ in range(5):
            recorded_sale()
        with django_assert_num_queries(2):
            economics.by_month(until=JANUARY)
