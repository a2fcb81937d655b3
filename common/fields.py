"""The form field for text."""

from __future__ import annotations

from typing import Any

from django import forms

from common import text_cleaning


class TextField(forms.CharField):
    """Text without control characters: of several lines if its widget has them, else of one."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if not text:
            return text
        return text_cleaning.cleaned(text) if isinstance(self.widget, forms.Textarea) else text_cleaning.one_line(text)
