"""The refund window."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from common import clock


def end_of_window(at: datetime) -> datetime:
    """Return when the refund window of what is supplied now ends. Readers are promised a day: the window ends with
    that day, in every time zone."""
    return clock.end_of_day((at + settings.REFUND_WINDOW).date())
