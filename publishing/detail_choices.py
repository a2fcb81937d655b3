"""What the details of a work offer to choose from; what the work has already is always among it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from common.templatetags.money import percent
from publishing import thema
from publishing.record import thema_codes

SAMPLES_BPS = (500, 1000, 1500, 2000, 3000, 5000)


def subjects(present: str) -> list[Any]:
    """Return the subjects; a finer one that the work has already comes first."""
    finer = [(present, thema_codes.heading(present))] if thema.is_finer(present) else []
    return [("", _("Choose a subject")), *finer, *thema.choices()]


def samples(present: int | None) -> list[tuple[int, str]]:
    """Return the shares of the text that a sample may have, in basis points."""
    shares = {*SAMPLES_BPS, present} if present else set(SAMPLES_BPS)
    return [(bps, percent(bps)) for bps in sorted(shares)]
