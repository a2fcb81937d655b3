"""Numbers of people: ORCID and ISNI, each of sixteen signs of which the last checks the others."""

from __future__ import annotations

import re

from publishing.record.errors import IsniWrong, OrcidWrong

_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?(?:orcid\.org|isni\.org)/(?:isni/)?", re.IGNORECASE)


def cleaned_orcid(text: str) -> str:
    """Return an ORCID with its hyphens. Raises OrcidWrong."""
    digits = _digits(text)
    if digits is None:
        raise OrcidWrong(number=text.strip()[:40])
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def cleaned_isni(text: str) -> str:
    """Return the sixteen signs of an ISNI. Raises IsniWrong."""
    digits = _digits(text)
    if digits is None:
        raise IsniWrong(number=text.strip()[:40])
    return digits


def shown_isni(number: str) -> str:
    """Return an ISNI in its four groups."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _digits(text: str) -> str | None:
    from stdnum import isni  # an ORCID is an ISNI from a range of its own

    bare = _ADDRESS.sub("", text.strip()).upper().removeprefix("ISNI").removeprefix("ORCID").strip(" :")
    return str(isni.compact(bare)) if isni.is_valid(bare) else None
