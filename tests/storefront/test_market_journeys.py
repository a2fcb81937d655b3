"""The journeys that docs/market.md names for each platform exist, and run in a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROW = re.compile(r"^\| ([\w ]+) \| [^|]+ \| `(tests/[\w/]+\.py)::(test_\w+)` \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs" / "market.md").read_text(encoding="utf-8"))


def test_every_platform_has_a_journey():
    platforms = {"Airbnb", "Amazon", "Dribbble", "Etsy", "Facebook", "Hacker News", "Reedsy", "TaskRabbit", "Uber"}
    assert {platform for platform, _file, _name in ROWS} == platforms | {"500px", "Upwork", "YouTube", "eBay"}


@pytest.mark.parametrize(("path", "name"), sorted({(path, name) for _platform, path, name in ROWS}))
def test_a_journey_is_there_and_runs_in_a_browser(path: str, name: str):
    source = (ROOT / path).read_text(encoding="utf-8")
    assert f"\ndef {name}(" in source
    assert path.startswith("tests/journeys/") or "pytest.mark.journey" in source
