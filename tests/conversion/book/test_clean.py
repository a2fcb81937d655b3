"""What enters a book is text that every writer can set."""

from __future__ import annotations

import pytest

from conversion.engine.book import clean


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_separators_are_ends_of_lines_without_space_before(separator: str) -> None:
    """WeasyPrint refuses a line that ends with a space and a break, and with it the whole PDF."""
    assert clean.text(f"the lamp \t{separator} and the boat") == "the lamp\n and the boat"


def test_other_spaces_stay() -> None:
    assert clean.text("the lamp \n and\u00a0the boat ") == "the lamp \n and\u00a0the boat "
