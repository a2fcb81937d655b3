from __future__ import annotations

import pytest

from accounts.models import User
from common import clock
from storefront.devices.models import Scope
from storefront.devices.services import app_passwords
from tests.storefront.devices.clients import KOReader


@pytest.fixture
def login(reader: User) -> tuple[str, str]:
    """What the reader enters on a device: the name and the text of an app password."""
    made = app_passwords.make(actor=reader, name="kobo", scopes=[Scope.CATALOGUE], address=None, at=clock.now())
    return "kobo", made.text


@pytest.fixture
def koreader(login: tuple[str, str]) -> KOReader:
    return KOReader(login)
