"""What a work would bring: the figures are those that a sale at that price and plan would be recorded with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from common import clock
from common.money import Money
from royalties.dto import QuoteLine
from royalties.models import FeePlan, SaleRecord
from royalties.selectors import plans
from royalties.services import plans as plan_services
from royalties.services import returns, sales
from royalties.services.what_if import what_if
from tests.royalties.factories import NOON, edition, recorded_sale, split, user

pytestmark = pytest.mark.django_db
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _december():
    with clock.frozen(DECEMBER):
        yield


@pytest.fixture
def book():
    return edition(user("Ann", is_author=True), title="The Lighthouse")


def answer(book, price=499, plan="share", rate=0, currency="USD"):
    return what_if(
        price=Money(price, currency),
        plan=FeePlan.objects.get(code=plan),
        tax_rate_bps=rate,
        lately=plans.sold_lately(book.work, currency, DECEMBER),
        at=DECEMBER,
    )


def royalties_of_cart(book, price: int, copies: int) -> list[int]:
    lines = [QuoteLine(book.pk, Money(price, "USD"), Money(0, "USD"))] * copies
    return [line.royalty.amount_minor for line in sales.quote(lines=lines, at=DECEMBER)]


class TestWhatIf:
    def test_is_what_a_sale_would_bring(self, book):
        found = answer(book)
        assert [found.alone.royalty.amount_minor] == royalties_of_cart(book, 499, 1) == [415]
        cart = royalties_of_cart(book, 499, 3)
        assert found.together.royalty.amount_minor == sum(cart) == 1304
        assert (found.least_of_cart.amount_minor, found.most_of_cart.amount_minor) == (min(cart), max(cart))

    @pytest.mark.parametrize("rate", [0, 700, 1900])
    def test_cart_adds_up(self, book, rate):
        together = answer(book, rate=rate).together
        parts = (together.tax, together.processor_fee, together.platform_fee, together.royalty)
        assert sum(part.amount_minor for part in parts) == together.paid.amount_minor == 3 * 499

    def test_another_plan_has_its_own_share_and_fees(self, book):
        share, studio = answer(book, 1000), answer(book, 1000, "studio")
        assert (share.alone.platform_fee.amount_minor, studio.alone.platform_fee.amount_minor) == (80, 40)
        assert (share.plan_fees.amount_minor, studio.plan_fees.amount_minor) == (0, 2700)

    def test_the_same_price_and_plan_bring_the_same(self, book):
        for tax in (0, 33):
            recorded_sale(of=book, tax=tax)
        given_back = recorded_sale(of=book)
        returns.record_refund(reference=given_back.reference, external_id="rf", at=NOON)
        found = answer(book)
        assert found.sales == 2
        assert found.brought == found.would_bring == Money(415 + 385, "USD")
        assert not found.difference

    def test_a_higher_price_brings_each_sale_again(self, book):
        for _ in range(3):
            recorded_sale(of=book)
        (once,) = royalties_of_cart(book, 999, 1)
        assert answer(book, 999).would_bring.amount_minor == 3 * once


class TestPage:
    def ask(self, client, book, **query):
        client.force_login(book.work.owner)
        headers = query.pop("headers", {})
        query = {name: value for name, value in {"work": book.work.public_id, **query}.items() if value is not None}
        return client.get(reverse("earnings-what-if"), query, headers=headers)

    def test_begins_with_the_work_as_it_is(self, client, book):
        book.work.prices.create(currency="USD", list_price_minor=799, changed_at=NOON)
        plan_services.choose_plan(actor=book.work.owner, code="studio", currency="USD", at=NOON)
        text = self.ask(client, book, work=None).content.decode()
        assert 'value="7.99"' in text
        assert '<option value="studio" selected>' in text

    def test_answers_a_form(self, client, book):
        recorded_sale(of=book)
        text = self.ask(client, book, price="4.99", currency="USD", plan="share", tax="0").content.decode()
        for amount in ("$4.15", "$13.04", "$4.34 to $4.35 each"):
            assert amount in text
        assert "just as many readers" in text

    def test_answers_in_place(self, client, book):
        text = self.ask(client, book, price="4.99", headers={"hx-request": "true"}).content.decode()
        assert "$4.15" in text
        assert "<html" not in text

    def test_names_the_lowest_price(self, client, book):
        assert "Charge at least" in self.ask(client, book, price="0.05").content.decode()

    @pytest.mark.parametrize(
        "wrong", [{"price": "x"}, {"price": "1.234"}, {"currency": "XXX"}, {"plan": "gold"}, {"price": "-1"}]
    )
    def test_odd_questions(self, client, book, wrong):
        assert "Enter a price" in self.ask(client, book, **wrong).content.decode()

    @pytest.mark.parametrize("odd", [{"tax": "19"}, {"work": "wrk_x"}, {"tax": ""}])
    def test_what_does_not_fit_is_assumed(self, client, book, odd):
        assert "On its own" in self.ask(client, book, **odd).content.decode()

    def test_only_works_whose_price_one_decides(self, client, book):
        ben = user("Ben")
        split(book.work, (book.work.owner, 6000), (ben, 4000))
        client.force_login(ben)
        text = client.get(reverse("earnings-what-if"), {"work": book.work.public_id}).content.decode()
        assert "The Lighthouse" not in text
        assert "Nothing to try yet" in text

    def test_a_fixed_number_of_queries(self, client, book, django_assert_num_queries):
        rates = (0, 400, 700, 1900)
        for rate in rates:
            sale = recorded_sale(of=book)
            SaleRecord.objects.filter(reference=sale.reference).update(tax_rate_bps=rate)
        lately = plans.sold_lately(book.work, "USD", DECEMBER)
        assert len(lately) == len(rates)
        plan = FeePlan.objects.get(code="share")
        with django_assert_num_queries(3):  # the terms, the provider's fees, the plan's fees
            what_if(price=Money(499, "USD"), plan=plan, tax_rate_bps=0, lately=lately, at=DECEMBER)
