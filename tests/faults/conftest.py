"""A scratch folder of the test's own, an engine that does what the test says, and a provider whose events arrive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conversion.engine.contract import ConversionRequest, ConversionResult, Report
from conversion.services import attempts
from payments.stripe.sandbox import events
from tests.payments.postman import post_in_process

type Engine = Callable[[ConversionRequest, Report, Callable[[], bool]], ConversionResult]


@pytest.fixture(autouse=True)
def scratch_root(settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.CONVERSION_CACHE_DIR = tmp_path / "cache"
    return tmp_path / "scratch"


@pytest.fixture
def use_engine(monkeypatch: pytest.MonkeyPatch) -> Callable[[Engine], None]:
    """Let the given function stand in for the engine's child."""

    def use(engine: Engine) -> None:
        monkeypatch.setattr(attempts, "run_engine", engine)

    return use


@pytest.fixture
def postman(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events of the simulated provider arrive at once, in this process."""
    monkeypatch.setattr(events, "post", post_in_process)
