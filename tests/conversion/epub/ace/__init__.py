"""DAISY Ace from npm, by the lock file beside this one: installed there at first use, with the system's Chromium."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.browser import find_browser

HERE = Path(__file__).resolve().parent
IMPACTS = ("critical", "serious", "moderate", "minor")


class Ace:
    """One Ace with one browser, which look at one book after the other; use it in a `with` statement."""

    def __init__(self) -> None:
        environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1", "PUPPETEER_EXECUTABLE_PATH": find_browser()}
        if not (HERE / "node_modules").is_dir():
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=HERE, env=environment, check=True)
        self._node = subprocess.Popen(
            ["node", "ace.js"], cwd=HERE, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def violations(self, epub: Path) -> list[dict[str, Any]]:
        """What Ace finds in a book: impact, rule, file, count and a piece of its markup."""
        assert self._node.stdin and self._node.stdout
        self._node.stdin.write(f"{epub}\n")
        self._node.stdin.flush()
        answer: dict[str, Any] = json.loads(self._node.stdout.readline())
        if "failed" in answer:
            return [{"impact": "critical", "rule": "ace-failed", "file": "", "count": 1, "html": answer["failed"]}]
        found: list[dict[str, Any]] = answer["violations"]
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._node.communicate()
