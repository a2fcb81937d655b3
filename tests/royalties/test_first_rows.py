"""A new installation quotes what the simulated provider takes. Its first rows are frozen; what is taken may change."""

from __future__ import annotations

import pytest

from payments import payout_fees
from payments.card_fees import LISTED
from royalties.models import PayoutCost, ProcessorFeeSchedule
from tests.royalties.factories import NOON

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def test_processor_fees_are_those_that_are_listed() -> None:
    for currency, listed in LISTED.items():
        quoted = ProcessorFeeSchedule.objects.in_force(currency=currency, at=NOON)
        assert (quoted.rate_bps, quoted.fixed_minor, quoted.source) == (
            listed.rate_bps,
            listed.fixed_minor,
            listed.source,
        )


def test_payout_costs_are_those_that_the_provider_bills() -> None:
    rows = PayoutCost.objects.filter(rail="stripe")
    assert set(rows.values_list("per_payout_minor", "rate_bps", "per_month_minor")) == {
        (payout_fees.PER_PAYOUT_MINOR, payout_fees.RATE_BPS, payout_fees.PER_ACCOUNT_AND_MONTH_MINOR)
    }
    assert rows.get(currency="USD").source == payout_fees.SOURCE
