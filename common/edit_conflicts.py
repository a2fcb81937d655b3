"""Forms that notice when their values were changed meanwhile, in another tab or by someone else.

Such a form carries digests of the values it was rendered with. If a value has changed when the form is sent, it is not
overwritten silently: the form comes back with everything that was typed, and asks for each such field which of the two
values to keep.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from django import forms
from django.utils.translation import gettext as _

MINE, THEIRS = "mine", "theirs"
_SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that was changed meanwhile, with labels of both values. `name` is the control that asks which one to
    keep.
    """

    name: str
    label: str
    mine: str
    theirs: str
    takes_theirs: bool


class GuardedForm(forms.Form):
    """A form that asks about conflicts. `current` are the values in force, if they differ from `initial`."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, current: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._current = current
        self.conflicts: list[Conflict] = []

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        return self._marks() if field_name == _SEEN else super().get_initial_for_field(field, field_name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = _read(cleaned.pop(_SEEN, ""))
        for name, field in self._guarded():
            now = self._now(name, field)
            if name not in cleaned:
                continue
            if seen.get(name, _mark(now)) == _mark(now):
                if self.data.get(self._control(name)) == THEIRS:
                    cleaned[name] = now
            elif _mark(cleaned[name]) != _mark(now):
                self.conflicts.append(self._conflict(name, field, cleaned[name], now, seen[name]))
        if self.conflicts:
            self._ask()
        return cleaned

    def _ask(self) -> None:
        data: Any = copy(self.data)  # a request's data is immutable, its copy is not
        data[self.add_prefix(_SEEN)] = self._marks()
        self.data = data
        self.add_error(
            None,
            _("This was changed while you had the page open. Your entries are not lost: choose below what to keep."),
        )

    def _conflict(self, name: str, field: forms.Field, mine: Any, theirs: Any, seen: str) -> Conflict:
        untouched = _mark(mine) == seen
        label = str(field.label or name)
        return Conflict(self._control(name), label, _words(field, mine), _words(field, theirs), takes_theirs=untouched)

    def _guarded(self) -> Iterator[tuple[str, forms.Field]]:
        for name, field in self.fields.items():
            if name != _SEEN and not isinstance(field, forms.FileField):
                yield name, field

    def _now(self, name: str, field: forms.Field) -> Any:
        return self.get_initial_for_field(field, name) if self._current is None else self._current.get(name)

    def _marks(self) -> str:
        return json.dumps({name: _mark(self._now(name, field)) for name, field in self._guarded()})

    def _control(self, name: str) -> str:
        return self.add_prefix(f"take_{name}")


def _read(text: str) -> dict[str, str]:
    """Return the digests that the form carried; none if they were tampered with."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(mark) for name, mark in found.items()} if isinstance(found, dict) else {}


def _mark(value: Any) -> str:
    """Return a short digest that is the same for values that a form cannot distinguish."""
    return blake2b(_plain(value).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _plain(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, list | tuple | set):
        return "\0".join(sorted(map(str, value)))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value).replace("\r\n", "\n").strip()


def _words(field: forms.Field, value: Any) -> str:
    """Return a value as the form shows it to people."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ChoiceField):
        values = {str(one) for one in (value if isinstance(value, list | tuple | set) else [value])}
        choices: Any = field.choices
        labels = [str(label) for key, label in choices if str(key) in values]
        return ", ".join(labels) or _("(empty)")
    return _plain(value) or _("(empty)")
