"""Cells of exported tables: amounts in major units, and text that no spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield the rows as lines of CSV."""
    for row in rows:
        buffer = io.StringIO()
        csv.writer(buffer).writerow([escape_formula(value) for value in row])
        yield buffer.getvalue()


def escape_formula(value: Any) -> Any:
    """Quote text that a spreadsheet would run as a formula; leave numbers alone."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
