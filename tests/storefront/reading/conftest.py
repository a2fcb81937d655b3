"""A line to the shop that can be cut, and dictionaries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from storefront.reading.dictionaries import building
from tests.storefront.reading.dictionary_sources import write_freedict, write_wordnet
from tests.support.line import Line, line_to


@pytest.fixture
def line(live_server: LiveServer) -> Iterator[Line]:
    """To the shop, and to be cut: a stopped server, which browsers take for one, unlike their own offline modes."""
    with line_to(live_server.thread.host, live_server.thread.port) as made:
        yield made


@pytest.fixture
def dictionaries(tmp_path: Path, settings: Settings) -> Path:
    """A shop with a small dictionary of English and one of German; returns their folder."""
    folder = settings.DICTIONARIES_DIR = tmp_path / "dictionaries"
    building.build_wordnet(write_wordnet(tmp_path / "wordnet"), folder)
    building.build_freedict(write_freedict(tmp_path / "dictd"), folder)
    return folder
