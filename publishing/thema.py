"""Subjects of books: codes of the Thema scheme with our own headings.

Thema (EDItEUR, version 1.2) is the international subject scheme of the book trade. The first letter of a code is its
section, and each further letter narrows it. We offer the sections and their first divisions, as readers browse by
these; a longer code counts as its longest prefix that we offer.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERSION = "1.2"

SECTIONS: dict[str, str | Promise] = {
    "F": _("Fiction"),
    "D": _("Biography and literature"),
    "X": _("Comics"),
    "Y": _("Children and young adults"),
    "A": _("The arts"),
    "C": _("Language"),
    "G": pgettext_lazy("subject", "Reference"),
    "J": _("Society"),
    "K": _("Business"),
    "L": _("Law"),
    "M": _("Medicine"),
    "N": _("History"),
    "P": _("Science"),
    "Q": _("Philosophy and religion"),
    "R": _("Earth and environment"),
    "S": _("Sport and outdoors"),
    "T": _("Engineering"),
    "U": _("Computing"),
    "V": _("Health and personal life"),
    "W": _("Home, food and leisure"),
}

SUBJECTS: dict[str, str | Promise] = {
    "FB": _("General and literary fiction"),
    "FD": _("Speculative fiction"),
    "FF": _("Crime and mystery"),
    "FG": _("Sports fiction"),
    "FH": _("Thrillers"),
    "FJ": _("Adventure"),
    "FK": _("Horror and ghosts"),
    "FL": _("Science fiction"),
    "FM": _("Fantasy"),
    "FN": _("Myths and legends retold"),
    "FP": _("Erotic fiction"),
    "FR": pgettext_lazy("subject", "Romance"),
    "FS": _("Family life"),
    "FT": _("Sagas"),
    "FU": _("Humorous fiction"),
    "FV": _("Historical fiction"),
    "FW": _("Religious and spiritual fiction"),
    "FY": _("Short stories and other forms"),
    "DB": _("Ancient and classic texts"),
    "DC": _("Poetry"),
    "DD": _("Plays"),
    "DN": _("Biography, memoir and essays"),
    "DS": _("Literary history and criticism"),
    "XA": _("Comic styles and traditions"),
    "XQ": _("Comics by genre"),
    "XY": _("Comic strips and cartoons"),
    "YB": _("Picture books"),
    "YD": _("Children’s poetry"),
    "YF": _("Children’s fiction"),
    "YN": _("Children’s non-fiction"),
    "YP": _("School books"),
    "YR": _("Children’s reference"),
    "YX": _("Growing up"),
    "AB": _("The arts in general"),
    "AF": _("Painting, sculpture and other forms"),
    "AG": _("Artists and art subjects"),
    "AJ": _("Photography"),
    "AK": _("Design and crafts"),
    "AM": _("Architecture"),
    "AT": _("Film, theatre and dance"),
    "AV": _("Music"),
    "CB": _("Writing and usage"),
    "CF": _("Linguistics"),
    "CJ": _("Learning languages"),
    "GB": _("Encyclopaedias and handbooks"),
    "GL": _("Libraries and museums"),
    "GP": _("Research and knowledge"),
    "GT": _("Interdisciplinary studies"),
    "JB": _("Culture and society"),
    "JH": _("Sociology and anthropology"),
    "JK": _("Social services and crime"),
    "JM": _("Psychology"),
    "JN": _("Education"),
    "JP": _("Politics"),
    "JW": _("War and defence"),
    "KC": _("Economics"),
    "KF": _("Finance and accounting"),
    "KJ": _("Management"),
    "KN": _("Industries"),
    "LA": _("Law in general"),
    "LB": _("International law"),
    "LN": _("National law"),
    "MB": _("Medicine in general"),
    "MF": _("Anatomy and physiology"),
    "MJ": _("Clinical medicine"),
    "MK": _("Medical specialties"),
    "MQ": _("Nursing"),
    "MX": _("Complementary medicine"),
    "MZ": _("Veterinary medicine"),
    "NH": _("History"),
    "NK": _("Archaeology"),
    "PB": _("Mathematics"),
    "PD": _("Science in general"),
    "PG": _("Astronomy"),
    "PH": _("Physics"),
    "PN": _("Chemistry"),
    "PS": _("Biology"),
    "QD": _("Philosophy"),
    "QR": _("Religion"),
    "RB": _("Geology and weather"),
    "RG": _("Geography"),
    "RN": _("Environment"),
    "RP": _("Town and regional planning"),
    "SC": _("Sport in general"),
    "SF": _("Ball games"),
    "SH": _("Athletics and gymnastics"),
    "SK": _("Horses and riding"),
    "SM": _("Cycling and motor sport"),
    "SP": _("Water sports"),
    "SR": _("Combat sports"),
    "ST": _("Winter sports"),
    "SV": _("Fishing and field sports"),
    "SX": _("Other sports"),
    "SZ": _("Walking, climbing, camping"),
    "TB": _("Technology in general"),
    "TC": _("Biochemical engineering"),
    "TD": _("Industrial chemistry and manufacture"),
    "TG": _("Mechanical engineering"),
    "TH": _("Energy and electricity"),
    "TJ": _("Electronics"),
    "TN": _("Civil engineering and building"),
    "TQ": _("Environmental engineering"),
    "TR": _("Transport engineering"),
    "TT": _("Other technologies"),
    "TV": _("Farming"),
    "UB": _("Computing in general"),
    "UD": _("Digital life"),
    "UF": _("Office software"),
    "UG": _("Graphics software"),
    "UK": _("Hardware"),
    "UL": _("Operating systems"),
    "UM": _("Programming"),
    "UN": _("Databases"),
    "UR": _("Security"),
    "UT": _("Networks"),
    "UX": _("Applied computing"),
    "UY": _("Computer science"),
    "VF": _("Family and health"),
    "VS": _("Self-help and practical advice"),
    "VX": _("Mind, body, spirit"),
    "WB": _("Food and drink"),
    "WC": _("Antiques and collecting"),
    "WD": _("Games, puzzles and hobbies"),
    "WF": _("Handicrafts"),
    "WG": _("Transport for enthusiasts"),
    "WH": _("Humour"),
    "WJ": _("Style and celebrations"),
    "WK": _("House and home"),
    "WM": _("Gardening"),
    "WN": _("Nature and animals"),
    "WQ": _("Local and family history"),
    "WT": _("Travel"),
    "WZ": _("Miscellaneous"),
}


def label(code: str) -> str | Promise:
    """Return the heading of a subject or section, or "" for an unknown code."""
    known = nearest(code)
    return SUBJECTS.get(known) or SECTIONS.get(known, "")


def nearest(code: str) -> str:
    """Return the longest prefix of the code that we offer, or "": "FFH" becomes "FF"."""
    for length in (2, 1):
        if code[:length] in SUBJECTS or code[:length] in SECTIONS:
            return code[:length]
    return ""


def is_finer(code: str) -> bool:
    """Whether the code is narrower than what we offer to choose from."""
    return bool(nearest(code)) and code not in SUBJECTS and code not in SECTIONS


def section(code: str) -> str:
    """Return the letter of the code's section, or ""."""
    return code[:1] if code[:1] in SECTIONS else ""


def divisions(of: str) -> Iterator[tuple[str, str | Promise]]:
    """Yield codes and headings of the subjects in one section."""
    return ((code, heading) for code, heading in SUBJECTS.items() if code[0] == of)


def choices() -> list[tuple[str | Promise, list[tuple[str, str | Promise]]]]:
    """Return all subjects grouped by section, as form choices."""
    return [(heading, list(divisions(letter))) for letter, heading in SECTIONS.items()]
