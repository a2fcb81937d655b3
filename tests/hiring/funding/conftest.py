from __future__ import annotations

import pytest

from payments.stripe.sandbox import events
from tests.payments.postman import post_in_process


@pytest.fixture(autouse=True)
def _told_by_the_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is paid here is told on by the provider's events."""
    monkeypatch.setattr(events, "post", post_in_process)
