"""The licences of the scripts and fonts that pages are made with; script/vendor copies their texts beside them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def vendored() -> tuple[str, ...]:
    """Return the names of the packages, as their licences' files are named."""
    folder = Path(settings.BASE_DIR) / "static" / "vendor" / "licenses"
    return tuple(sorted(path.stem for path in folder.glob("*.txt")))
