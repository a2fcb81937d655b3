"""Messages that services send, kept instead of sent."""

from __future__ import annotations

import pytest

type Messages = list[tuple[str, dict[str, int | str]]]


@pytest.fixture(autouse=True)
def messages_sent(monkeypatch: pytest.MonkeyPatch, sent: list[int]) -> Messages:
    found: Messages = []
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: found.append((name, ids)))
    monkeypatch.setattr("common.jobs.enqueue_later", lambda name, *, delay_s, **ids: found.append((name, ids)))
    return found
