"""The page of the defaults for new books, and the button that takes those of one book."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed
from publishing import permissions
from publishing.house_defaults import selectors, services
from publishing.house_defaults.forms import HouseDefaultsForm
from publishing.views.loading import load_work


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def house_defaults(request: PersonRequest) -> HttpResponse:
    """Show and save what new books begin with."""
    if not permissions.may_create(request.user):
        raise NotAllowed
    initial = HouseDefaultsForm.initial_of(selectors.defaults_of(request.user))
    form = HouseDefaultsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            services.save_defaults(actor=request.user, defaults=form.defaults, at=clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved. New books begin with this; the books you have stay as they are."))
            return redirect("house-defaults")
    groups = [
        (title, [form[name] for name in names])
        for title, names in (
            (_("You as the author"), ("credited_name", "is_on_page", "biography")),
            (_("The book"), ("imprint", "language", "sample_bps")),
            (_("Rights"), ("licence", "rights_line", "is_mining_reserved")),
            (_("Where it is sold"), ("rule", "countries")),
            (_("Price"), ("price_currency", "price", "is_price_open")),
            (_("Front and back pages"), ("title_on", "copyright_on", "copyright_words", "about_on", "also_by_on")),
        )
    ]
    context = {"form": form, "groups": groups}
    return render(request, "publishing/house_defaults.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def take(request: PersonRequest, public_id: str) -> HttpResponse:
    """Make new books begin as this one is."""
    work = load_work(request, public_id, permissions.require_publish)
    services.take_from_work(actor=request.user, work=work, at=clock.now())
    messages.success(request, _("New books begin like this one from now on. Check it here."))
    return redirect("house-defaults")
