"""How many typos readers reported, without placing them."""

from __future__ import annotations

from datetime import datetime

from publishing.models import Work
from storefront.reading.models import TypoReport, TypoState


def waiting_between(work: Work, since: datetime, until: datetime) -> int:
    """Return how many reports came in after `since`, up to `until`, that the author has not decided on."""
    return TypoReport.objects.filter(work=work, state=TypoState.OPEN, made_at__gt=since, made_at__lte=until).count()
