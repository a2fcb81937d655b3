"""Forms say what to do in the shop's words; none says what Django says by default."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from django.utils import translation

_OF_DJANGO = (
    *("This field is required.", "No file was submitted", "The submitted file is empty", "Select a valid choice"),
    *("Enter a list of values", "Ensure this value", "Null characters"),
)


class Example(forms.Form):
    line = forms.CharField(max_length=4, min_length=2)
    number = forms.IntegerField(min_value=1, max_value=9)
    day = forms.DateField()
    agrees = forms.BooleanField()
    one = forms.ChoiceField(choices=[("a", "A")])
    several = forms.MultipleChoiceField(choices=[("a", "A")])
    file = forms.FileField()


def errors(**typed: object) -> dict[str, str]:
    files = {"file": typed.pop("file")} if "file" in typed else {}
    return {name: str(found[0]) for name, found in Example(typed, files).errors.items()}


def all_forms() -> Iterator[type[forms.BaseForm]]:
    """Every form that the pages import."""
    assert get_resolver().url_patterns
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            yield kind


def test_what_is_missing() -> None:
    assert errors() == {
        "line": "Fill this in.",
        "number": "Fill this in.",
        "day": "Fill this in.",
        "agrees": "Tick this box to go on.",
        "one": "Choose one.",
        "several": "Choose at least one.",
        "file": "Choose a file first.",
    }


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("line", "abcde", "Use at most 4 characters: there are 5."),
        ("line", "a", "Use at least 2 characters: there are 1."),
        ("line", "a\0b", "This contains a character that cannot be stored. Type it again without copying."),
        ("number", "0", "Enter 1 or more."),
        ("number", "10", "Enter 9 or less."),
        ("day", "31 May", "Enter a day that exists, such as 2026-05-31."),
        ("one", "b", "Choose one of the options on the page: this one is not, or no longer, among them."),
        ("several", ["b"], "“b” is not, or no longer, among the options on the page. Choose again."),
        ("file", SimpleUploadedFile("empty.txt", b""), "This file is empty. Choose another one."),
    ],
    ids=str,
)
def test_what_is_wrong(name: str, typed: object, told: str) -> None:
    assert errors(**{name: typed})[name] == told


def test_no_field_of_any_form_says_what_django_says() -> None:
    found, fields = set(), 0
    with translation.override("en"):
        for form in all_forms():
            for name, field in getattr(form, "base_fields", {}).items():
                if field.widget.is_hidden:
                    continue
                fields += 1
                told = [str(message) for message in field.error_messages.values()]
                found |= {f"{form.__name__}.{name}: {one}" for one in told if one.startswith(_OF_DJANGO)}
    assert fields > 300
    assert found == set()
