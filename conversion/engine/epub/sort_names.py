"""The form of a name by which libraries sort it (`file-as`): "Melville, Herman"."""

from __future__ import annotations

import re

# Names of these scripts are written with the family name first, as are Hungarian and Vietnamese ones.
_FAMILY_FIRST = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_FAMILY_FIRST_LANGUAGES = frozenset({"hu", "ja", "ko", "vi", "zh"})
_ORGANISATION = re.compile(
    r"\b(Ltd|Inc|LLC|GmbH|Press|Verlag|Books|Publishing|Publishers|University|Society|Foundation|Institute|Team|Group"
    r"|Association|Collective|Company)\b\.?",
    re.IGNORECASE,
)


def sort_name(name: str, language: str = "") -> str:
    """Return the name with the family name first; as it is where that is not known, as of an organisation.

    `language` is the BCP 47 tag of the book.
    """
    is_family_first = _FAMILY_FIRST.search(name) or language.partition("-")[0] in _FAMILY_FIRST_LANGUAGES
    if is_family_first or "," in name or " " not in name or _ORGANISATION.search(name):
        return name
    from nameparser import HumanName  # slow to load

    known = HumanName(name)
    given = " ".join(part for part in (known.first, known.middle) if part)
    if not (known.last and given):
        return name
    return ", ".join(part for part in (known.last, given, known.suffix) if part)
