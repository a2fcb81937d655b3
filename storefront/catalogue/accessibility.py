"""What is known of a book's accessibility: codes of Listing.details.accessibility, for people and for machines.

What a machine measures is told as measured. Whether descriptions of pictures are any good, no machine knows. That
nothing flashes, moves or sounds is known of the files we make, because the converter keeps still pictures only; of a
file kept as its author made it, it is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of the label. `is_met` is None for what is not known."""

    text: str | Promise
    is_met: bool | None = True


_CLAIMS: dict[str, Claim] = {
    "fixed": Claim(_("Pages keep the layout they were made with; the whole page can be enlarged")),
    "reflow": Claim(_("Text flows: choose size, face, spacing and colours")),
    "contents": Claim(_("Linked contents and headings to move by")),
    "structure": Claim(_("Marked up for screen readers and read-aloud")),
    "described": Claim(_("Every picture has a description, or the book has none; how good they are nobody has judged")),
    "some-undescribed": Claim(_("Some pictures have no description yet"), False),
    "no-hazards": Claim(_("No flashing, motion or sound")),
    "hazards-unknown": Claim(
        _("No flashing, motion or sound in the files made here; not known of the original PDF"), None
    ),
    "no-locks": Claim(_("No digital locks in the way of assistive software")),
}
# schema.org's words, by the W3C's vocabulary for accessibility properties.
_FEATURES: dict[str, tuple[str, ...]] = {
    "reflow": ("displayTransformability",),
    "contents": ("tableOfContents",),
    "structure": ("readingOrder", "structuralNavigation"),
    "no-locks": ("unlocked",),
}
_NO_HAZARDS = ("noFlashingHazard", "noMotionSimulationHazard", "noSoundHazard")


def claims(codes: Sequence[str]) -> list[Claim]:
    """The lines of the label."""
    return [_CLAIMS[code] for code in codes if code in _CLAIMS]


def schema_org(codes: Sequence[str], pictures: int | None) -> dict[str, object]:
    """Properties of schema.org's CreativeWork. `pictures` in the text is None where nobody has counted them.

    Nothing is said that was not made so or measured: of a book whose pictures nobody counted, neither that they are
    described nor that the text alone is enough.
    """
    features = [word for code in codes for word in _FEATURES.get(code, ())]
    if pictures and "described" in codes:
        features.append("alternativeText")
    found: dict[str, object] = {"accessibilityFeature": features} if features else {}
    if "no-hazards" in codes:
        found["accessibilityHazard"] = list(_NO_HAZARDS)
    elif "hazards-unknown" in codes:
        found["accessibilityHazard"] = "unknown"
    if "reflow" in codes and pictures is not None:
        found["accessMode"] = ["textual", "visual"] if pictures else ["textual"]
        if "some-undescribed" not in codes:
            found["accessModeSufficient"] = {"@type": "ItemList", "itemListElement": ["textual"]}
    if codes:
        found["accessibilitySummary"] = ". ".join([*(str(claim.text) for claim in claims(codes)), ""]).strip()
    return found
