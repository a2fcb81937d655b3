"""The system's Chromium, as tests and bench start it."""

from __future__ import annotations

import shutil
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_browser() -> str:
    """The path of a Chromium or Chrome. Raises FileNotFoundError with advice."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    for path in _MAC_APPS:
        if Path(path).exists():
            return path
    raise FileNotFoundError("No Chromium here: run script/bootstrap --tests, or install Chromium or Chrome.")
