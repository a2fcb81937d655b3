"""Forms of one block, and of a chapter's title."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from publishing.editing.models import MAX_REASON
from publishing.editing.plain_text import to_plain

_ALIGN = [("", _("As in the book")), ("center", _("Centred")), ("end", _("At the end of the line"))]
_MAX_TEXT = 150_000
PICTURE_TYPES = "image/jpeg,image/png,image/webp,image/avif,image/tiff"


class BlockForm(forms.Form):
    """The text and attributes of a block; which fields it has depends on its kind."""

    def __init__(self, block: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, attributes = block["kind"], block.get("attributes", {})
        if "text" in block:
            self.fields["text"] = _text(block)
        for name, field in _attributes(kind).items():
            field.initial = attributes.get(name, field.initial)
            self.fields[name] = field

    def ask_for_reason(self) -> None:
        """Ask why something is suggested."""
        self.fields["reason"] = TextField(
            label=_("Reason"),
            max_length=MAX_REASON,
            required=False,
            help_text=_("One sentence for the author, if it helps."),
        )

    @property
    def reason(self) -> str:
        """Return why the change is suggested, where somebody said so."""
        return str(self.cleaned_data.get("reason") or "") if self.is_bound else ""

    @property
    def attributes(self) -> dict[str, Any]:
        """Return the attributes that were entered."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in {"text", "reason"}}
        return {name: _plain(value) for name, value in found.items() if value is not None}


class PictureForm(forms.Form):
    """A picture for the text."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP, AVIF or TIFF, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": PICTURE_TYPES}),
    )


class TableForm(forms.Form):
    """The size of a new table."""

    rows = forms.IntegerField(label=_("Rows"), min_value=1, max_value=100, initial=3)
    columns = forms.IntegerField(label=_("Columns"), min_value=1, max_value=20, initial=2)


class CellForm(forms.Form):
    """A place in a table that a change is about, counted from one."""

    row = forms.IntegerField(label=_("Row"), min_value=1, max_value=10_000, initial=1)
    column = forms.IntegerField(label=_("Column"), min_value=1, max_value=1000, initial=1)


class CaptionForm(forms.Form):
    """The caption of a table or picture that has none."""

    caption = TextField(label=_("Caption"), max_length=2000)


class PassageForm(forms.Form):
    """Words of a block that are in another language."""

    words = TextField(label=_("Words"), max_length=1000)
    language = TextField(
        label=_("Language"), max_length=35, help_text=_("Such as “fr” or “de-AT”; “-” takes the language away again.")
    )


# The form of each change that asks for something, by the name of its button.
EXTRA_FORMS: dict[str, type[forms.Form]] = {
    "picture": PictureForm,
    "insert_picture": PictureForm,
    "insert_table": TableForm,
    "caption": CaptionForm,
    "language": PassageForm,
    "row_after": CellForm,
    "column_after": CellForm,
    "header": CellForm,
    "remove_row": CellForm,
    "remove_column": CellForm,
}


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _text(block: dict[str, Any]) -> TextField:
    text = to_plain(block["text"])
    rows = min(24, max(3, len(text) // 70 + text.count("\n") + 2))
    return TextField(
        label=_("Text"),
        initial=text,
        max_length=_MAX_TEXT,
        strip=False,
        help_text=_(
            "Emphasis, links and other marks stay on the words that you keep. An empty line divides the paragraph. "
            "⟦note 1⟧ stands for a note, formula or picture: move it with its brackets."
        ),
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _attributes(kind: str) -> dict[str, forms.Field]:
    language = TextField(
        label=_("Language, if it differs from the book’s"),
        max_length=35,
        required=False,
        help_text=_("Such as “fr” or “de-AT”. Screen readers and hyphenation follow it."),
    )
    by_kind: dict[str, dict[str, forms.Field]] = {
        "heading": {
            "level": forms.TypedChoiceField(
                label=_("Level"), choices=[(number, str(number)) for number in range(1, 7)], coerce=int, initial=2
            ),
            "lang": language,
        },
        "paragraph": {
            "align": forms.ChoiceField(label=_("Alignment"), choices=_ALIGN, required=False),
            "lang": language,
        },
        "scene_break": {"sign": TextField(label=_("Sign between the scenes"), max_length=40, required=False)},
        "figure": {
            "alt": TextField(
                label=_("Description for readers who cannot see the picture"),
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            ),
            "decorative": forms.BooleanField(
                label=_("Decorative (nothing to describe)"),
                required=False,
                help_text=_("Readers who cannot see the picture then hear nothing of it, not even its description."),
            ),
        },
        "code": {"language": TextField(label=_("Programming language"), max_length=40, required=False)},
        "table": {
            "header_rows": forms.IntegerField(label=_("Header rows"), min_value=0, max_value=1000, required=False),
            "lang": language,
        },
        "list": {
            "ordered": forms.BooleanField(label=_("Numbered"), required=False),
            "start": forms.IntegerField(label=_("First number"), min_value=0, max_value=100_000, required=False),
            "lang": language,
        },
    }
    by_kind |= {key: {"lang": language} for key in ("quotation", "aside", "verse", "definitions")}
    return by_kind.get(kind, {})
