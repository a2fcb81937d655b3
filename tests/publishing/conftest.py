"""Jobs that wait, an owner, their log-in and a stranger."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from conversion.models import ConversionJob
from tests.factories.accounts import make_author


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """No worker runs; ids of the conversion jobs for which one was woken."""
    ids: list[int] = []

    def note(name: str, **kwargs: int) -> None:
        if name == "conversion.run":
            ids.append(ConversionJob.objects.latest("pk").pk)

    monkeypatch.setattr("common.jobs.enqueue", note)
    return ids


@pytest.fixture
def owner() -> User:
    return make_author(display_name="Ada Quill")


@pytest.fixture
def stranger() -> User:
    return make_author(display_name="Sam Else")


@pytest.fixture
def as_owner(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client
