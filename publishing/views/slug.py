"""The page for a work's web address (its slug)."""

from __future__ import annotations

from django.conf import settings
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
from publishing.forms import AddressForm
from publishing.views.loading import load_edition
from publishing.views.steps import page_context


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show and change the slug, and list the previous ones, which redirect."""
    edition = load_edition(request, public_id, permissions.require_publish)
    work = edition.work
    form = AddressForm(request.POST or None, initial={"slug": work.slug})
    if request.method == "POST" and form.is_valid():
        slug = form.cleaned_data["slug"].lower()
        try:
            publishing_services.set_address(actor=request.user, work=work, slug=slug, at=clock.now())
        except DomainError as problem:
            form.add_error("slug", problem.text)
        else:
            messages.success(request, _("Web address saved."))
            return redirect("work-address", public_id)
    context = page_context(request.user, edition) | {
        "form": form,
        "root": f"{settings.SITE_URL}/books/",
        "is_known": selectors.is_address_known(work),
        "old_addresses": work.old_addresses.all(),
    }
    return render(request, "publishing/address.html", context, status=422 if form.errors else 200)
