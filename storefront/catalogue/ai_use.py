"""What an author states of AI in a book, as readers are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from publishing.models import AiUse
from storefront.catalogue.models.details import ListedAiUse

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


def sentences(stated: ListedAiUse | None) -> list[StrOrPromise]:
    """One for each part that AI had to do with; one for a book without. None where nobody stated anything."""
    if stated is None:
        return []
    parts = [("text", stated.text), ("images", stated.images), ("translation", stated.translation)]
    found = [_SENTENCES[part] for part in parts if part in _SENTENCES]
    return found or [_("No AI was used for text, pictures or translation.")]
