"""Ids of a chapter as places in its text."""

from __future__ import annotations

from conversion.engine import edition_text
from conversion.engine.text_anchors import places_of


def xhtml(body: str) -> bytes:
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'.encode()


class TestPlacesOf:
    def test_a_print_page_begins_in_mid_paragraph(self) -> None:
        file = xhtml('<h1>One</h1><p>He went <span id="p7" role="doc-pagebreak" aria-label="7"/>down.</p>')
        assert places_of(file, ["p7"]) == {"p7": (1, len("He went "))}

    def test_offsets_are_code_points_of_the_normalised_text(self) -> None:
        file = xhtml("<p>  \U00020bb7&#173;野\n\n家 e\u0301 <i>x</i> <span id='a'/>b</p>")
        text = edition_text.chapter_texts(file)[0]
        assert places_of(file, ["a"]) == {"a": (0, text.index("b"))}

    def test_an_element_between_paragraphs_is_at_the_next(self) -> None:
        file = xhtml("<p>One.</p><div id='a'><p> </p><p id='b'>Two.</p></div><p><b id='c'>Three.</b></p>")
        assert places_of(file, ["a", "b", "c"]) == {"a": (1, 0), "b": (1, 0), "c": (2, 0)}

    def test_many_ids_are_told_apart(self) -> None:
        names = [f"n{number}" for number in range(120)]
        file = xhtml("".join(f"<p id='{name}'>A line.</p>" for name in names))
        assert places_of(file, names) == {name: (number, 0) for number, name in enumerate(names)}

    def test_an_element_behind_the_text_is_at_its_end_and_an_unknown_id_is_nowhere(self) -> None:
        assert places_of(xhtml("<p>One.</p><hr id='end'/>"), ["end", "none"]) == {"end": (1, 0)}

    def test_an_id_in_a_part_that_has_no_text_is_nowhere(self) -> None:
        assert places_of(xhtml("<p>x<ruby>a<rt>b<b id='r'/></rt></ruby></p>"), ["r"]) == {}
