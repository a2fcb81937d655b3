"""Forms of the cover page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversion.engine.api import CoverChoice
from publishing.covers import words
from publishing.forms import COVER_TYPES

OWN = ""  # the uploaded cover, the manuscript's own, or one drawn from the title
FIRST_PALETTE = "harbour"
MAX_PERCENT = 100


class ChoiceForm(forms.Form):
    """A drawn cover. Without a design nothing is chosen."""

    design = forms.ChoiceField(label=_("Design"), required=False, choices=[(OWN, ""), *words.DESIGNS.items()])
    palette = forms.ChoiceField(label=_("Colours"), choices=words.PALETTES.items())
    lettering = forms.ChoiceField(label=_("Typefaces"), choices=words.LETTERINGS.items())
    series = forms.BooleanField(label=_("Name the series above the title"), required=False)
    focus_x = forms.IntegerField(
        label=_("From left to right"),
        min_value=0,
        max_value=MAX_PERCENT,
        widget=forms.NumberInput(attrs={"type": "range", "step": "5"}),
    )
    focus_y = forms.IntegerField(
        label=_("From top to bottom"),
        min_value=0,
        max_value=MAX_PERCENT,
        widget=forms.NumberInput(attrs={"type": "range", "step": "5"}),
    )

    @staticmethod
    def initial_of(choice: CoverChoice | None) -> dict[str, Any]:
        shown = choice or CoverChoice("horizon", FIRST_PALETTE)
        return {
            "design": choice.design if choice else OWN,
            "palette": shown.palette,
            "lettering": shown.lettering,
            "series": bool(shown.series),
            "focus_x": shown.focus_x,
            "focus_y": shown.focus_y,
        }

    @property
    def choice(self) -> CoverChoice | None:
        """The valid form's choice. `series` only says whether the series is named."""
        data = self.cleaned_data
        if data["design"] == OWN:
            return None
        return CoverChoice(**{**data, "series": "series" if data["series"] else ""})


class UploadForm(forms.Form):
    """A picture, to be the cover as it is or to be put into a design."""

    picture = forms.FileField(
        label=_("Picture"),
        error_messages={"required": _("Choose a picture first."), "empty": _("This file is empty. Choose another.")},
        help_text=_(
            "JPEG, PNG, WebP, TIFF, AVIF or SVG, at most 20 MB. A finished cover has at least 1600 × 2560 pixels."
        ),
        widget=forms.FileInput(attrs={"accept": COVER_TYPES}),
    )


class PrintForm(forms.Form):
    """The printed book."""

    trim = forms.ChoiceField(label=_("Size of the pages"), choices=words.TRIMS.items())
    paper = forms.ChoiceField(label=_("Paper"), choices=words.PAPERS.items())
