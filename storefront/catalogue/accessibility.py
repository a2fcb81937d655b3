"""Accessibility claims about a book: codes of `Listing.details.accessibility`, worded for readers and for schema.org.

We state only what was measured or made so. Software cannot judge how good picture descriptions are. Files we make never
flash, move or sound, because the converter keeps only still pictures; for an original file we do not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of the accessibility label. `is_met` is None if it is not known."""

    text: str | Promise
    is_met: bool | None = True


_CLAIMS: dict[str, Claim] = {
    "fixed": Claim(_("Fixed page layout; the whole page can be enlarged")),
    "reflow": Claim(_("Reflowable text: you can change size, font, spacing and colours")),
    "contents": Claim(_("Linked table of contents and headings for navigation")),
    "structure": Claim(_("Structured for screen readers and read-aloud")),
    "described": Claim(_("All pictures, if there are any, have descriptions; we have not checked their quality")),
    "some-undescribed": Claim(_("Some pictures have no description yet"), False),
    "no-hazards": Claim(_("No flashing, motion or sound")),
    "hazards-unknown": Claim(
        _("No flashing, motion or sound in the files we made; not known for the original PDF"), None
    ),
    "no-locks": Claim(_("No DRM to block assistive technology")),
}
# schema.org values, from the W3C vocabulary for accessibility properties.
_FEATURES: dict[str, tuple[str, ...]] = {
    "reflow": ("displayTransformability",),
    "contents": ("tableOfContents",),
    "structure": ("readingOrder", "structuralNavigation"),
    "no-locks": ("unlocked",),
}
_NO_HAZARDS = ("noFlashingHazard", "noMotionSimulationHazard", "noSoundHazard")


def claims(codes: Sequence[str]) -> list[Claim]:
    """Return the lines of the accessibility label."""
    return [_CLAIMS[code] for code in codes if code in _CLAIMS]


def schema_org(codes: Sequence[str], pictures: int | None) -> dict[str, object]:
    """Return the accessibility properties of schema.org's CreativeWork.

    `pictures` is the number of pictures in the text, None if nobody counted them. Only what was measured or made so is
    stated: if the pictures were not counted, the result claims neither that they are described nor that the text alone
    is sufficient.
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
