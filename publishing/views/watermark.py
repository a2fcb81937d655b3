"""The page where an author chooses whether copies of a work carry marks of their buyers."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.forms import WatermarkForm
from publishing.views.loading import load_edition
from publishing.views.steps import page_context


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def watermark(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show and save the choice, with what the marks are and what they cannot do."""
    edition = load_edition(request, public_id, permissions.require_publish)
    work = edition.work
    form = WatermarkForm(
        request.POST if request.method == "POST" else None, initial={"is_watermarked": work.is_watermarked}
    )
    if form.is_valid():
        is_watermarked = form.cleaned_data["is_watermarked"]
        publishing_services.set_watermark(actor=request.user, work=work, is_watermarked=is_watermarked)
        messages.success(request, _("Saved. This applies to copies sold from now on."))
        return redirect("work-watermark", public_id)
    context = page_context(request.user, edition) | {"form": form, "room": selectors.mark_room(edition)}
    return render(request, "publishing/watermark.html", context, status=422 if form.errors else 200)
