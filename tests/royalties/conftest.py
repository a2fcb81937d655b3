from __future__ import annotations

import pytest

from tests.royalties.by_hand import account
from tests.royalties.factories import user
from tests.royalties.gateways import FakeGateway


@pytest.fixture
def committing_db(transactional_db):
    """A database whose transactions really commit."""


@pytest.fixture
def gateway(monkeypatch):
    """The provider's stand-in, used by every service."""
    fake = FakeGateway()
    monkeypatch.setattr("payments.services.gateway", lambda: fake)
    return fake


@pytest.fixture
def cash(committing_db):
    return account("stripe_balance", "stripe_balance", 1)


@pytest.fixture
def fee(committing_db):
    return account("platform_fee", "platform_fee", -1)


@pytest.fixture
def payable(committing_db):
    person = user()
    return account(f"contributor_payable:{person.public_id}", "contributor_payable", -1, guarded=True, owner=person)
