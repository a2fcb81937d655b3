from __future__ import annotations

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from common import text_cleaning
from common.fields import TextField


class TestForXml:
    @given(st.text(st.characters(codec=None)))
    def test_is_what_a_parser_takes(self, text: str) -> None:
        element = etree.Element("a")
        element.text = text_cleaning.for_xml(text)
        written = etree.tostring(element, encoding="utf-8")
        assert etree.fromstring(written).text in {element.text, None}

    def test_leaves_what_xml_has(self) -> None:
        assert text_cleaning.for_xml("a\tb\nc\r\x7f\x85é\U0001f4d6") == "a\tb\nc\r\x7f\x85é\U0001f4d6"


class TestTidied:
    @pytest.mark.parametrize("between", ["\v", "\f", "\x85", "\u2028", "\u2029"])
    def test_breaks_are_line_breaks(self, between: str) -> None:
        assert text_cleaning.cleaned(f"One{between}two") == "One\ntwo"
        assert text_cleaning.one_line(f"One{between}two") == "One two"

    def test_the_rest_is_dropped(self) -> None:
        assert text_cleaning.cleaned("O\x01n\x1be\ufffe \ud800two\r\nthree") == "One two\r\nthree"

    def test_a_name_does_not_turn_the_words_beside_it(self) -> None:
        assert text_cleaning.one_line("\u202eevol\u202c by \u2067Ada") == "evol by Ada"
        assert text_cleaning.one_line("\u200fאדה\u200e") == "\u200fאדה\u200e"

    @pytest.mark.parametrize("text", ["One\ntwo", "One \r\n\r\n two", "\nOne two\n", "One\rtwo"])
    def test_one_line(self, text: str) -> None:
        assert text_cleaning.one_line(text) == "One two"


class TestCanBeKept:
    def test_what_the_database_takes(self) -> None:
        assert text_cleaning.is_storable("a\v\x01\ufffe\U0001f4d6")
        assert not text_cleaning.is_storable("a\0")
        assert not text_cleaning.is_storable("\udc00")


class AForm(forms.Form):
    line = TextField(max_length=7)
    lines = TextField(widget=forms.Textarea, required=False)


class TestTextField:
    def test_has_lines_where_its_widget_has(self) -> None:
        form = AForm({"line": "One\n\vtwo\x01", "lines": "One\vtwo\x01\nthree"})
        assert form.is_valid()
        assert form.cleaned_data == {"line": "One two", "lines": "One\ntwo\nthree"}

    def test_what_only_control_characters_fill_is_empty(self) -> None:
        assert AForm({"line": "\x01"}).errors["line"] == ["Fill this in."]
