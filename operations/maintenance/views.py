"""The operator's page that opens and closes the shop."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import permissions
from accounts.requests import PersonRequest
from accounts.views.staff import for_staff
from common import clock
from operations.maintenance import selectors, services
from operations.maintenance.forms import ModeForm
from operations.maintenance.models import Mode


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(permissions.is_operator)
def maintenance(request: PersonRequest) -> HttpResponse:
    """Show what the shop is open for, and change it."""
    now = selectors.state()
    shown = {"mode": now.mode, "message": now.message, "ends_at": now.ends_at}
    form = ModeForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        services.set_mode(
            actor=request.user,
            mode=Mode(form.cleaned_data["mode"]),
            message=form.cleaned_data["message"],
            ends_at=form.cleaned_data["ends_at"],
            at=clock.now(),
        )
        messages.success(request, _("Saved. All processes follow within two seconds."))
        return redirect("maintenance")
    return render(request, "maintenance/mode.html", {"form": form}, status=422 if form.errors else 200)
