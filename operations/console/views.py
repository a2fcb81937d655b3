"""The operator's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import permissions
from accounts.requests import PersonRequest
from accounts.views.staff import for_staff
from operations.console import selectors
from operations.maintenance import selectors as maintenance
from operations.maintenance.models import Mode


@require_safe
@for_staff(permissions.is_operator)
def overview(request: PersonRequest) -> HttpResponse:
    """Show queues, last runs, disk, versions and open items."""
    state = maintenance.state()
    context = {"shown": selectors.overview(), "mode": state.mode.label, "is_open": state.mode == Mode.OPEN}
    return render(request, "operations/overview.html", context)
