"""What is deleted when: keys after 28 days, searches with them, and within the hour when somebody searched."""

from __future__ import annotations

from datetime import datetime, timedelta

from insight.searches import weeks
from insight.searches.models import SearchEvent, SearchKey
from insight.searches.services.sheets import GRACE


def forget(*, at: datetime) -> None:
    """Delete what is due. Searches of four weeks that are over are in the sheets by now. Safe to repeat."""
    today = weeks.today(at)
    SearchKey.objects.filter(first_day__lte=today - timedelta(days=weeks.PERIOD_DAYS)).delete()
    SearchEvent.objects.filter(open_until__lt=at).update(open_until=None)
    SearchEvent.objects.filter(day__lt=weeks.period_of(weeks.today(at - GRACE))).delete()
