"""The word for a state with the kind of its chip (templates/components/chip.html)."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise


class Chip(NamedTuple):
    """A state's word, and its kind: success, caution, danger, progress or "" (neutral)."""

    word: str | Promise
    kind: str = ""
