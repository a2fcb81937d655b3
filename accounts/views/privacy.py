"""The privacy page, made from the retention schedule."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import retention_schedule
from accounts.page_cache import public_page
from accounts.retention_schedule import Area
from accounts.services import data_copies, deletions
from common.seller import seller


@require_safe
@public_page()
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the schedule by area, cookies, who else receives data, rights and how to use them, and whom to write to."""
    areas = [(area, [rule for rule in retention_schedule.rules() if rule.area == area]) for area in Area]
    context = {
        "seller": seller(),
        "areas": [(area.label, rules) for area, rules in areas],
        "has_provider": not settings.PAYMENTS_SANDBOX,
        "copy_days": data_copies.KEPT_FOR.days,
        "waiting_days": deletions.WAITING_TIME.days,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "session_days": settings.SESSION_COOKIE_AGE // 86400,
    }
    return render(request, "accounts/privacy.html", context)
