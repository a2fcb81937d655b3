"""How many cases: `some` in every run, always the same ones; `many` in the nightly run, each time others.

`MONEY_CASES=100000 pytest -m nightly --hypothesis-seed=S` runs as many as it says, the same for the same seed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

_calmly: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def some[T: Callable[..., Any]](cases: int) -> Callable[[T], T]:
    """A few cases, the same in every run."""
    return settings(max_examples=cases, derandomize=True, **_calmly)


def many[T: Callable[..., Any]](cases: int) -> Callable[[T], T]:
    """As many cases as asked for, in the nightly run only; `MONEY_CASES` says another number."""
    at_length = settings(max_examples=int(os.environ.get("MONEY_CASES", cases)), **_calmly)
    return lambda test: pytest.mark.nightly(at_length(test))
