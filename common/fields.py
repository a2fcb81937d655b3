"""The form field for text."""

from __future__ import annotations

from typing import Any

from django import forms

from common import characters


class TextField(forms.CharField):
    """Text without control characters: of several lines if its widget has them, else of one."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if not text:
            return text
        return characters.tidied(text) if isinstance(self.widget, forms.Textarea) else characters.one_line(text)
