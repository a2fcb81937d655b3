from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _told_by_the_provider(postman: None) -> None:
    """Whatever is bought here is told on by the provider's events."""
