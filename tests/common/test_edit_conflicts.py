"""A form that was open while its values changed: asked about, never overwritten, nothing typed lost."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from common.edit_conflicts import GuardedForm


class Poem(GuardedForm):
    title = forms.CharField()
    text = forms.CharField(required=False, widget=forms.Textarea)
    tags = forms.MultipleChoiceField(required=False, choices=[("a", "Sea"), ("b", "War")])
    is_long = forms.BooleanField(required=False)


SHOWN: dict[str, Any] = {"title": "Lamp", "text": "One\nTwo", "tags": ["b", "a"], "is_long": False}


def sent(shown: dict[str, Any], **typed: Any) -> QueryDict:
    """What a browser sends of the page with these values, after this was typed."""
    found = QueryDict(mutable=True)
    values = {**shown, "seen": Poem(initial=shown)["seen"].value(), **typed}
    for name, value in values.items():
        if isinstance(value, list):
            found.setlist(name, value)
        elif value is not False:
            found[name] = str(value).replace("\n", "\r\n")
    return found


def test_what_nobody_changed_is_saved_as_typed() -> None:
    form = Poem(sent(SHOWN, title="Lantern"), initial=SHOWN)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == "Lantern"
    assert "seen" not in form.cleaned_data


def test_a_newer_value_is_shown_beside_what_was_typed() -> None:
    form = Poem(sent(SHOWN, title="Lantern"), initial={**SHOWN, "title": "Wick", "is_long": True})
    assert not form.is_valid()
    title, is_long = form.conflicts
    assert (title.mine, title.theirs, title.takes_theirs) == ("Lantern", "Wick", False)
    assert (is_long.mine, is_long.theirs, is_long.takes_theirs) == ("No", "Yes", True)
    assert form["title"].value() == "Lantern"


@pytest.mark.parametrize(("choice", "title"), [("mine", "Lantern"), ("theirs", "Wick")])
def test_the_answer_holds(choice: str, title: str) -> None:
    now = {**SHOWN, "title": "Wick"}
    asked = Poem(sent(SHOWN, title="Lantern"), initial=now)
    asked.is_valid()
    answer = sent(SHOWN, title="Lantern", seen=asked["seen"].value(), take_title=choice)
    form = Poem(answer, initial=now)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == title


def test_a_third_change_is_asked_about_again() -> None:
    asked = Poem(sent(SHOWN, title="Lantern"), initial={**SHOWN, "title": "Wick"})
    asked.is_valid()
    answer = sent(SHOWN, title="Lantern", seen=asked["seen"].value(), take_title="mine")
    form = Poem(answer, initial={**SHOWN, "title": "Flame"})
    assert not form.is_valid()
    assert form.conflicts[0].theirs == "Flame"


def test_who_typed_the_same_is_not_asked() -> None:
    assert Poem(sent(SHOWN, title="Wick"), initial={**SHOWN, "title": "Wick"}).is_valid()


@pytest.mark.parametrize("seen", ["", "{", "[1]", '{"title": 3}', '"x"', "null"])
def test_marks_that_are_nonsense_lose_nothing(seen: str) -> None:
    form = Poem(sent(SHOWN, seen=seen), initial=SHOWN)
    form.is_valid()
    assert form["title"].value() == "Lamp"
