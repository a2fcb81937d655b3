from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from royalties.models import AccountBalance, Payout
from royalties.services import payouts
from tests.royalties.factories import NOON, WINDOW, payable, payout_account, user

AT = NOON + WINDOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _after_clearing():
    with clock.frozen(AT):
        yield


@pytest.fixture
def fiona(db):
    return user("Fiona", is_finance=True)


@pytest.fixture
def felix(db):
    return user("Felix", is_finance=True)


@pytest.fixture
def approved(fiona, felix):
    """Makes one person with an approved payout of 4.15, not sent yet."""

    def make(currency: str = "USD", **account) -> Payout:
        person = payable(currency=currency)
        payout_account(person, **account)
        run = payouts.propose_run(actor=fiona, currency=currency, at=AT)
        payouts.approve_run(actor=felix, run=run, at=AT)
        return run.payouts.get(user=person)

    return make


@pytest.fixture
def paid(approved, gateway):
    return lambda **account: payouts.send_payout(payout_id=approved(**account).pk)


def balance(kind: str, currency: str = "USD") -> int:
    rows = AccountBalance.objects.filter(account__kind=kind, account__currency=currency)
    return sum(abs(row.balance_minor) for row in rows)
