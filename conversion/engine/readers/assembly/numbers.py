"""Numbers in attributes of a source, which may hold anything."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,9})(?:\.[0-9]{0,20})?\s*")


def whole(value: object, default: int, low: int = 0, high: int = 9999) -> int:
    """The whole part of the number in `value`, kept between `low` and `high`; `default` for anything else."""
    match = _NUMBER.fullmatch(str(value)[:40])
    return default if match is None else min(max(int(match.group(1)), low), high)
