"""Critical CSS: the rules for a page's first screen and one line of script, inlined in the page so that the first
screen waits for no other request.

`script/vendor` writes both. The content security policy allows exactly these bytes, by their hash (decision 0064).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PAGES = ("front", "list", "book")


@dataclass(frozen=True)
class CriticalCss:
    """The inlined texts and their hashes for the policy. `styles` are by the kind of page."""

    styles: Mapping[str, str]
    script: str

    @property
    def style_sources(self) -> list[str]:
        return [source for text in self.styles.values() for source in _sources(text)]

    @property
    def script_sources(self) -> list[str]:
        return _sources(self.script)


def read(folder: Path) -> CriticalCss:
    """Read them from static/vendor. If it has not been built yet, they are empty and nothing is allowed."""
    styles = {page: _text(folder / f"critical-{page}.css") for page in PAGES}
    return CriticalCss(styles=styles, script=_text(folder / "critical.js"))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _sources(text: str) -> list[str]:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return [f"'sha256-{digest}'"] if text else []
