"""Forms that notice when what they show was changed meanwhile, in another tab or by somebody else.

Such a form carries marks of the values that it was rendered with. When it is sent, a value that is another by now than
the one shown is no longer overwritten in silence: the form comes back with everything that was typed, and asks of each
such field which of the two is to hold.
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
    """A field that was changed meanwhile: both values in words. `name` is the control's that asks which one holds."""

    name: str
    label: str
    mine: str
    theirs: str
    takes_theirs: bool


class GuardedForm(forms.Form):
    """`current` are the values that hold now, where these are not `initial`."""

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
        data: Any = copy(self.data)  # what came with a request cannot be changed, its copy can
        data[self.add_prefix(_SEEN)] = self._marks()
        self.data = data
        self.add_error(
            None,
            _("This was changed while you had the page open. Nothing of yours is lost: choose below what to keep."),
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
    """The marks as the form carried them; none where somebody tampered with them."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(mark) for name, mark in found.items()} if isinstance(found, dict) else {}


def _mark(value: Any) -> str:
    """Short, and the same for values that a form cannot tell apart."""
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
    """A value as the form's reader knows it."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ChoiceField):
        values = {str(one) for one in (value if isinstance(value, list | tuple | set) else [value])}
        choices: Any = field.choices
        labels = [str(label) for key, label in choices if str(key) in values]
        return ", ".join(labels) or _("nothing")
    return _plain(value) or _("nothing")
