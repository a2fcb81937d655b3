"""A scratch folder of the test's own, and an engine that does what the test says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conversion.engine.contract import ConversionRequest, ConversionResult, Report
from conversion.services import attempts

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
