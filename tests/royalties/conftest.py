from __future__ import annotations

import pytest
from django.db import connection

from tests.royalties import database
from tests.royalties.gateways import FakeGateway


@pytest.fixture(scope="session", autouse=True)
def _flushable_ledger():
    with database.flushing_around_triggers():
        yield


@pytest.fixture
def committing_db(transactional_db):
    """A database whose transactions really commit."""


@pytest.fixture
def racing_db(transactional_db):
    """PostgreSQL with more than one connection; SQLite lets only one transaction write at a time."""
    if connection.vendor != "postgresql":
        pytest.skip("races need PostgreSQL")


@pytest.fixture
def gateway(monkeypatch):
    """The provider's stand-in, used by every service."""
    fake = FakeGateway()
    monkeypatch.setattr("payments.services.gateway", lambda: fake)
    return fake
