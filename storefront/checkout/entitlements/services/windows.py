"""How long what was bought can be given back."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from common import clock


def end_of_window(at: datetime) -> datetime:
    """When the window of what is supplied now ends. Readers are promised a day: it ends with that day, everywhere."""
    return clock.end_of_day((at + settings.REFUND_WINDOW).date())
