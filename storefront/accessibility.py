"""What is known of a book's accessibility: codes of Listing.details["accessibility"], for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "fixed": _("Pages keep the layout they were made with; the whole page can be enlarged"),
    "reflow": _("Text flows: choose size, face, spacing and colours"),
    "contents": _("Linked contents and headings to move by"),
    "structure": _("Marked up for screen readers and read-aloud"),
    "described": _("Every picture has a description, or the book has none"),
    "some-undescribed": _("Some pictures have no description yet"),
    "no-hazards": _("No flashing, motion or sound"),
    "no-locks": _("No digital locks in the way of assistive software"),
}
# schema.org's words, by the W3C's vocabulary for accessibility properties.
_FEATURES: dict[str, tuple[str, ...]] = {
    "reflow": ("displayTransformability",),
    "contents": ("tableOfContents",),
    "structure": ("readingOrder", "structuralNavigation"),
    "no-locks": ("unlocked",),
}
_NO_HAZARDS = ("noFlashingHazard", "noMotionSimulationHazard", "noSoundHazard")


def labels(codes: Sequence[str]) -> list[str]:
    """The codes in words of the reader's language."""
    return [str(LABELS[code]) for code in codes if code in LABELS]


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
    if "reflow" in codes and pictures is not None:
        found["accessMode"] = ["textual", "visual"] if pictures else ["textual"]
        if "some-undescribed" not in codes:
            found["accessModeSufficient"] = {"@type": "ItemList", "itemListElement": ["textual"]}
    if codes:
        found["accessibilitySummary"] = ". ".join([*labels(codes), ""]).strip()
    return found
