from __future__ import annotations

import pytest

from conversion.engine.epub.sort_names import sort_name


@pytest.mark.parametrize(
    ("name", "sorted_by"),
    [
        ("Herman Melville", "Melville, Herman"),
        ("Ursula K. Le Guin", "Le Guin, Ursula K."),
        ("Martin Luther King Jr.", "King, Martin Luther, Jr."),
        ("George R. R. Martin", "Martin, George R. R."),
        ("Homer", "Homer"),
        ("Melville, Herman", "Melville, Herman"),
        ("村上 春樹", "村上 春樹"),
        ("Harbour Press", "Harbour Press"),
        ("The Society of Friends", "The Society of Friends"),
        ("", ""),
        (" ", " "),
    ],
)
def test_the_family_name_comes_first_where_it_is_known(name: str, sorted_by: str) -> None:
    assert sort_name(name) == sorted_by


@pytest.mark.parametrize("language", ["hu", "ja", "vi-VN"])
def test_languages_with_the_family_name_first_keep_the_order(language: str) -> None:
    assert sort_name("Jokai Mor", language) == "Jokai Mor"
