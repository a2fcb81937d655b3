"""Form widgets."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

_BEGIN = '<option value="{}"'


class DayInput(forms.DateInput):
    """The browser's own field for a day. It takes and gives ISO 8601 alone, whatever the language writes."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and time, without a zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class LongSelect(forms.Select):
    """A select with many text options and no groups.

    Django renders a template for each option. Here they are rendered in one go and cached without the selection.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Render the same HTML as `forms.Select`."""
        options = _options(tuple(self.choices))
        for chosen in set(self.format_value(value)):
            begin = _BEGIN.format(escape(chosen))
            options = options.replace(f"{begin}>", f"{begin} selected>", 1)
        given: dict[str, Any] = {"name": name, **self.attrs, **(attrs or {})}
        return format_html("<select{}>{}</select>", flatatt(given), mark_safe(options))


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"{_BEGIN.format(escape(key))}>{escape(label)}</option>" for key, label in choices)
