"""Which tests one of several processes runs alone, because they share what is made once: a product, a module's rows.

Each process would make its own otherwise. Files tell it themselves: those with a fixture for a whole module or class.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_JOURNEYS = "tests/journeys/"  # they share one running product


def group_of(nodeid: str) -> str:
    """The name of the group that the test belongs to; its own id where it belongs to none."""
    path = nodeid.partition("::")[0]
    if path.startswith(_JOURNEYS):
        return _JOURNEYS
    if _has_fixture_for(path, "module"):
        return path
    return nodeid.partition("[")[0].rpartition("::")[0] if _has_fixture_for(path, "class") else nodeid


@cache
def _has_fixture_for(path: str, scope: str) -> bool:
    return f'scope="{scope}"' in (_ROOT / path).read_text(encoding="utf-8")


def scheduler(config: pytest.Config, log: Any) -> object:
    """Hands groups to processes whole, in the order in which they were collected."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    config.option.loadscopereorder = False
    return Scheduling(config, log)
