"""Our values in ONIX code lists. The number of each list is in its comment."""

from __future__ import annotations

from publishing.models import ContentWarning, ContributorRole

OTHER_ROLE = "Z99"
# List 17, by MARC relator code. It has no code for proofreaders: they are "other".
ROLES: dict[str, str] = {
    ContributorRole.AUTHOR: "A01",
    ContributorRole.EDITOR: "B01",
    ContributorRole.TRANSLATOR: "B06",
    ContributorRole.ILLUSTRATOR: "A12",
    ContributorRole.FOREWORD: "A23",
    ContributorRole.COVER_DESIGNER: "A36",
    ContributorRole.TOLD_WITH: "A02",
    ContributorRole.PHOTOGRAPHER: "A13",
    ContributorRole.PREFACE: "A15",
    ContributorRole.INTRODUCTION: "A24",
    ContributorRole.AFTERWORD: "A19",
    ContributorRole.NARRATOR: "E07",
    ContributorRole.PROOFREADER: OTHER_ROLE,
}
ORCID, ISNI = "21", "16"  # of list 44
AI = "09"  # of list 19: an unnamed contributor that is a generative model
ASSISTED_BY = "Z01"  # of list 17; follows whoever was assisted
# List 17: what AI generated, by part of the book.
GENERATED: dict[str, str] = {"text": "A01", "images": "A12", "cover": "A36", "translation": "B06"}
NO_AI = "56"  # of list 73: where the absence of AI is declared
DERIVED_FROM = "02"  # of list 164: a translation is derived from its original
# List 203: content warnings by the publisher.
WARNINGS: dict[str, tuple[str, ...]] = {
    ContentWarning.VIOLENCE: ("04",),
    ContentWarning.SEXUAL_VIOLENCE: ("03", "08"),
    ContentWarning.ABUSE: ("08",),
    ContentWarning.SELF_HARM: ("09", "13"),
    ContentWarning.EATING: ("09",),
    ContentWarning.DRUGS: ("05",),
    ContentWarning.HATE: ("07",),
    ContentWarning.DEATH: ("12",),
    ContentWarning.ANIMALS: ("10",),
    ContentWarning.WAR: ("04",),
}
ADVICE = "02"  # of list 203: potentially distressing, without a reason
# List 175, by kind of file: an EPUB for Kindle or Kobo is an EPUB.
FORMS = {"epub": "E101", "kepub": "E101", "kindle": "E101", "pdf": "E107", "own-pdf": "E107"}
REFLOWABLE, FIXED = "E200", "E201"
UNPROTECTED, WATERMARKED = "00", "02"  # of list 144

# List 145: what a buyer may do with a DRM-free file. All of it is permitted without limit (list 146, 01).
USES = ("02", "03", "05")  # print, copy, read aloud
MINING = "11"
UNLIMITED, PROHIBITED = "01", "03"  # of list 146
# List 196, by code of Listing.details.accessibility: only what the converter made or measured.
ACCESSIBILITY: dict[str, tuple[str, ...]] = {
    "reflow": ("36",),
    "contents": ("11",),
    "structure": ("13", "29"),
    "no-locks": ("10",),
}
PICTURES_DESCRIBED = "14"
READABLE_WITHOUT_SIGHT = "52"
# List 143: no flashing, sound or motion.
NO_HAZARDS = ("14", "16", "18")


def language(tag: str) -> tuple[str, str, str]:
    """Return (ISO 639-2/B code, ISO 3166-1 country, ISO 15924 script) of a BCP 47 tag; "" for missing parts."""
    import langcodes  # 9 MB of tables, needed only by processes that write ONIX

    try:
        parsed = langcodes.get(tag)
        return parsed.to_alpha3(variant="B"), _country(parsed.territory), parsed.script or ""
    except (LookupError, ValueError):
        return "und", "", ""


def _country(territory: str | None) -> str:
    """Return the country. Areas with a number, such as 419 for Latin America, are not countries."""
    return territory if territory and territory.isalpha() else ""
