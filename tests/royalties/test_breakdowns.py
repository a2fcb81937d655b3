"""What sold by work, country and format: the rows add up to the person's shares, with one query each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from common.money import Money
from royalties.selectors import breakdowns, earnings
from royalties.services import returns
from tests.royalties.factories import NOON, edition, recorded_sale, split, user

pytestmark = pytest.mark.django_db
DECEMBER = datetime(2026, 12, 2, tzinfo=UTC)


@pytest.fixture
def ann():
    """Two works, one shared; two countries and currencies; one sale returned, one in two parts."""
    ann = user("Ann", is_author=True)
    first, second = edition(ann, title="The Lighthouse"), edition(ann, title="A Harbour")
    split(second.work, (ann, 6000), (user("Ben"), 4000))
    whole, partly = recorded_sale(of=first, tax=33), recorded_sale(of=first, tax=33)
    recorded_sale(of=first, country="FR", currency="EUR", sold_at=DECEMBER)
    recorded_sale(of=second, country="FR", tax=33)
    later = NOON + timedelta(days=1)
    returns.record_refund(reference=whole.reference, external_id="rf_0", at=later)
    for number, amount in enumerate((100, 50), start=1):
        returns.record_refund(
            reference=partly.reference, external_id=f"rf_{number}", at=later, amount=Money(amount, "USD")
        )
    return ann


class TestTies:
    @pytest.mark.parametrize("grouped", [breakdowns.by_work, breakdowns.by_country, breakdowns.by_format])
    def test_rows_add_up_to_the_shares(self, ann, grouped, django_assert_num_queries):
        shares = earnings.shares_of(ann)
        with django_assert_num_queries(1):
            rows = grouped(shares)
        for total in earnings.totals_of(shares):
            of_currency = [row for row in rows if row.currency == total.currency]
            assert sum(row.royalty_minor for row in of_currency) == total.share_minor
            assert sum(row.sold for row in of_currency) == total.sales

    def test_net_price_is_less_what_was_returned(self, ann):
        (in_dollars,) = [row for row in breakdowns.by_format(earnings.shares_of(ann)) if row.currency == "USD"]
        kept = [share.sale for share in earnings.shares_of(ann, currency="USD") if share.kept_minor]
        refunded = sum(refund.paid_minor - refund.tax_minor for sale in kept for refund in sale.refunds.all())
        assert in_dollars.net_minor == sum(sale.net_minor for sale in kept) - refunded == 2 * 466 - refunded

    def test_units_and_rate_of_returns(self, ann):
        (row,) = [row for row in breakdowns.by_work(earnings.shares_of(ann, currency="USD")) if row.sold == 2]
        assert (row.label, row.returned, row.return_bps) == ("The Lighthouse", 1, 5000)

    def test_by_country(self, ann):
        rows = breakdowns.by_country(earnings.shares_of(ann))
        assert {(row.label, row.currency, row.sold) for row in rows} == {
            ("Germany", "USD", 2), ("France", "USD", 1), ("France", "EUR", 1)
        }  # fmt: skip


class TestPage:
    def test_rows_lead_to_their_sales(self, client, ann):
        client.force_login(ann)
        text = client.get(reverse("earnings-breakdown"), {"since": "2026-11", "until": "2026-11"}).content.decode()
        address = f"{reverse('earnings-sales')}?currency=USD&amp;country=FR&amp;since=2026-11&amp;until=2026-11"
        assert f'href="{address}"' in text
        listed = client.get(address.replace("&amp;", "&")).content.decode()
        assert "A Harbour" in listed
        assert listed.count("/earnings/sales/lin_") == 1

    def test_months(self, client, ann):
        client.force_login(ann)
        text = client.get(reverse("earnings-breakdown"), {"since": "2026-12"}).content.decode()
        assert "The Lighthouse" in text
        assert "A Harbour" not in text

    def test_only_ones_own(self, client, ann):
        client.force_login(user("Otto", is_author=True))
        assert "The Lighthouse" not in client.get(reverse("earnings-breakdown")).content.decode()
        client.force_login(user("Rita"))
        assert client.get(reverse("earnings-breakdown")).status_code == 404

    def test_odd_months_show_everything(self, client, ann):
        client.force_login(ann)
        assert "A Harbour" in client.get(reverse("earnings-breakdown"), {"since": "x"}).content.decode()
