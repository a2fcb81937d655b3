"""nginx lets through what a view takes: else a file is refused before the shop hears of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

CONF = (Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf").read_text(encoding="utf-8")
_MB = 1024 * 1024
_LOCATION = re.compile(r"location ~ (\S+) \{([^}]*)\}")
_STEPS_WITH_FILES = ("open_case", "appeal")


def uploads(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, int]]:
    """Each path that takes files, with the most bytes of a file."""
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from uploads(pattern, path)
        elif isinstance(pattern, URLPattern) and (files := getattr(pattern.callback, "files", None)) is not None:
            for step in _STEPS_WITH_FILES if "<slug:act>" in path else ("",):
                yield re.sub(r"<[^>]+>", "x1", path.replace("<slug:act>", step)), files.most()


def allowed_mb(path: str) -> int:
    """What nginx lets through: its first location that fits decides."""
    for pattern, body in _LOCATION.findall(CONF):
        if re.search(pattern.strip('"').replace("(?<", "(?P<"), path):
            size = re.search(r"client_max_body_size (\d+)m;", body)
            return int(size.group(1)) if size is not None else 2
    return 2


@pytest.mark.parametrize(("path", "most"), sorted(set(uploads(get_resolver()))))
@pytest.mark.parametrize("region", ["", "/de-de"])
def test_a_file_that_the_view_takes_passes_nginx(path: str, most: int, region: str) -> None:
    assert allowed_mb(region + path) * _MB >= most + _MB


def test_other_forms_stay_small() -> None:
    assert allowed_mb("/contracts/x1/x1/accept/") == allowed_mb("/cart/") == 2
