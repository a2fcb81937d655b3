"""Jobs that wait, an owner and a stranger."""

from __future__ import annotations

import pytest

from accounts.models import User
from tests.factories.accounts import make_author


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """No worker runs; ids of the jobs that workers were told of."""
    ids: list[int] = []
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **kwargs: ids.append(kwargs["job_id"]))
    return ids


@pytest.fixture
def owner() -> User:
    return make_author(display_name="Ada Quill")


@pytest.fixture
def stranger() -> User:
    return make_author(display_name="Sam Else")
