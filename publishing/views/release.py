"""The page for a work's release date: announce it, change it or cancel it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.forms import ReleaseForm
from publishing.views.loading import load_edition
from publishing.views.steps import page_context


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def release(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show the form with what the announcement means for readers, and save or cancel it."""
    edition = load_edition(request, public_id, permissions.require_publish)
    work, now = edition.work, clock.now()
    if request.method == "POST" and request.POST.get("act") == "call-off":
        publishing_services.cancel_release(actor=request.user, work=work, at=now)
        messages.success(request, _("Release cancelled. Everyone who pre-ordered gets their money back."))
        return redirect("work", public_id)
    form = ReleaseForm(request.POST or None, initial={"day": work.release_date})
    if request.method == "POST" and form.is_valid():
        try:
            publishing_services.announce_release(actor=request.user, work=work, day=form.cleaned_data["day"], at=now)
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, _("Book announced. Readers can now pre-order it."))
            return redirect("work", public_id)
    context = page_context(request.user, edition) | {
        "form": form,
        "missing": selectors.missing_for_release(work),
        "is_announced": selectors.announced_of(work) is not None,
    }
    return render(request, "publishing/release.html", context, status=422 if form.errors else 200)
