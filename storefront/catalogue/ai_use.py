"""What an author states of AI in a book, as readers are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from publishing.models import AiUse

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SENTENCES: dict[tuple[str, str], StrOrPromise] = {
    ("text", AiUse.ASSISTED): _("The text was written with the help of AI."),
    ("text", AiUse.GENERATED): _("The text was made by AI."),
    ("images", AiUse.ASSISTED): _("Pictures or cover were made with the help of AI."),
    ("images", AiUse.GENERATED): _("Pictures or cover were made by AI."),
    ("translation", AiUse.ASSISTED): _("It was translated with the help of AI."),
    ("translation", AiUse.GENERATED): _("It was translated by AI."),
}


def sentences(used: Mapping[str, str]) -> list[StrOrPromise]:
    """One for each part that AI had to do with; one for a book without. `used` is `Listing.details["ai"]`."""
    found = [_SENTENCES[part, use] for part, use in used.items() if (part, use) in _SENTENCES]
    if used and not found:
        return [_("No AI was used for text, pictures or translation.")]
    return found
