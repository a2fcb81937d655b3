from __future__ import annotations

import pytest

from tests.factories.accounts import make_member


@pytest.fixture
def owner(db):
    return make_member()


@pytest.fixture
def at_home(client, owner):
    """The owner's browser."""
    client.force_login(owner)
    return client
