"""What the person who starts the demonstration sees: one line for each step. The processes log to a file instead."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from typing import TextIO

from celery import current_app

LAST_LINES = 20


class Console:
    """Writes one line for each step. On a terminal, the line of a running step is updated in place."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._began = time.monotonic()
        self._is_open = False  # the cursor is after a step that is still running

    def step(self, words: str) -> None:
        """Write a finished step, with the seconds since the start."""
        self._write(f"  {words:<58}{time.monotonic() - self._began:>5.0f} s", ends=True)

    def begin(self, words: str) -> None:
        """Show what is running now; the next line replaces it."""
        if self._out.isatty():
            self._write(f"  {words} …", ends=False)

    def progress(self, words: str, done: int, total: int) -> None:
        """Show how far a step is; the last call ends it."""
        if done == total:
            self.step(f"{words} {done} of {total}")
        else:
            self.begin(f"{words} {done} of {total}")

    def say(self, *lines: str) -> None:
        """Write lines as they are."""
        for line in lines:
            self._write(line, ends=True)

    def _write(self, line: str, *, ends: bool) -> None:
        before = "\r\033[K" if self._is_open else ""
        self._out.write(before + line + ("\n" if ends else ""))
        self._out.flush()
        self._is_open = not ends


def log_to(path: Path) -> None:
    """Send this process's own log lines to the file, instead of among the steps."""
    # Celery sets up logging again when it first imports the tasks, so that must happen first.
    current_app.loader.import_default_modules()
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("octavo  %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]


def last_lines(path: Path, name: str) -> list[str]:
    """Return the last lines that a process logged."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if line.startswith(f"{name:<8}")][-LAST_LINES:]
