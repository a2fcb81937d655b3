"""Files of settings, such as `.env`: read and written in the form that systemd and Compose read alike.

One `NAME=value` a line. A value with spaces or signs stands in single quotes, inside which nothing has a meaning of its
own. Comments are lines of their own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

_LINE = re.compile(r"(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>'[^']*'|[^'\"\s]*)")
_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./|~-]*")
_UNSAFE = re.compile(r"['\\\r\n\0]")


class BadLine(ValueError):
    """A line, or a value, that systemd and Compose would not read alike."""


def read(path: Path) -> dict[str, str]:
    """Return the variables in the file. Raises BadLine, which names the line."""
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            raise BadLine(f"{path}, line {number}: write NAME=value, or NAME='a value with spaces'.")
        found[match["name"]] = match["value"].strip("'")
    return found


def load(path: Path) -> None:
    """Put the file's variables into the environment. What is there already wins."""
    for name, value in read(path).items():
        os.environ.setdefault(name, value)


def line(name: str, value: str) -> str:
    """Return the line for a variable. Raises BadLine for a value that cannot stand in such a file."""
    if _UNSAFE.search(value):
        raise BadLine(f"{name} may have neither quotes, backslashes nor line breaks: put it into a file, {name}_FILE.")
    return f"{name}={value}" if _PLAIN.fullmatch(value) else f"{name}='{value}'"


def write(path: Path, variables: Mapping[str, str], *, comment: str) -> None:
    """Write the file, readable by its owner only, all at once. Raises BadLine."""
    text = "".join(f"# {said}\n" for said in comment.splitlines())
    text += "".join(f"{line(name, value)}\n" for name, value in variables.items())
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    unfinished.replace(path)
