"""The form of one picture's description, many of which are on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import TextField
from conversion.engine.api import patches
from publishing.editing.selectors.descriptions import ShownPicture
from publishing.editing.services.descriptions import Wanted


class DescriptionForm(forms.Form):
    """What a picture shows, or that there is nothing to describe. `seen` is the mark of what stood there."""

    alt = TextField(
        label=_("Description"),
        required=False,
        max_length=patches.MAX_ALT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_decorative = forms.BooleanField(label=_("Decorative (nothing to describe)"), required=False)
    seen = TextField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, place: str, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, prefix=place, initial=initial)
        self.place = place

    @classmethod
    def of(cls, picture: ShownPicture) -> DescriptionForm:
        """Return the form of a picture as it is described now."""
        initial = {"alt": picture.alt, "is_decorative": picture.is_decorative, "seen": picture.seen}
        return cls(picture.place, initial=initial)

    def clean_alt(self) -> str:
        return " ".join(str(self.cleaned_data["alt"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("alt") and cleaned.get("is_decorative"):
            self.add_error("alt", _("Either describe the picture or mark it as decorative: clear one of the two."))
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """What was entered, once it is valid."""
        given = self.cleaned_data
        return Wanted(self.place, given["alt"], given["is_decorative"], given["seen"])
