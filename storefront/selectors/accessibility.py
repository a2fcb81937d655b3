"""A book's accessibility as measured from its files, in words, and in those of schema.org.

What a machine measures is told as measured. Whether descriptions of pictures are any good, no machine knows. That
nothing flashes, moves or sounds is known of the files we make, because the converter keeps still pictures only; of a
file kept as its author made it, it is not known.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of the label. `is_met` is None for what is not known."""

    text: str | Promise
    is_met: bool | None


_CLAIMS: dict[str, Claim] = {
    "fixed": Claim(_("Pages keep the layout they were made with; the whole page can be enlarged"), True),
    "reflow": Claim(_("Text flows: choose size, face, spacing and colours"), True),
    "contents": Claim(_("Linked contents and headings to move by"), True),
    "structure": Claim(_("Marked up for screen readers and read-aloud"), True),
    "described": Claim(
        _("Every picture has a description, or the book has none; how good they are nobody has judged"), True
    ),
    "some-undescribed": Claim(_("Some pictures have no description yet"), False),
    "no-hazards": Claim(_("No flashing, motion or sound"), True),
    "hazards-unknown": Claim(
        _("No flashing, motion or sound in the files made here; not known of the original PDF"), None
    ),
    "no-locks": Claim(_("No digital locks in the way of assistive software"), True),
}
_SCHEMA = {
    "contents": ("tableOfContents", "readingOrder"),
    "structure": ("structuralNavigation",),
    "reflow": ("displayTransformability",),
    "described": ("alternativeText",),
}


def claims(codes: Collection[str]) -> list[Claim]:
    """The lines of the label."""
    return [_CLAIMS[code] for code in codes if code in _CLAIMS]


def schema_features(codes: Collection[str]) -> list[str]:
    """Values of schema.org's accessibilityFeature."""
    return [value for code in codes for value in _SCHEMA.get(code, ())]


def schema_hazard(codes: Collection[str]) -> str:
    """The value of schema.org's accessibilityHazard."""
    return "none" if "no-hazards" in codes else "unknown"
