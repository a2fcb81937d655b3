from __future__ import annotations

import pytest

from payments.stripe.sandbox import events
from tests.factories.accounts import make_reader
from tests.factories.buying import make_book
from tests.payments.postman import post_in_process


@pytest.fixture(autouse=True)
def postman(monkeypatch):
    monkeypatch.setattr(events, "post", post_in_process)


@pytest.fixture
def reader(db):
    return make_reader()


@pytest.fixture
def book(db):
    return make_book()


@pytest.fixture
def signed_in(client, reader):
    client.force_login(reader)
    return client
