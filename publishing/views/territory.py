"""The page for the countries where a work is sold."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.countries import country_name
from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from publishing import permissions
from publishing import services as publishing_services
from publishing.models import Edition
from publishing.territories import iso_choices
from publishing.territory_forms import TerritoryForm
from publishing.views.loading import load_edition
from publishing.views.steps import page_context


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def territory(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show and save the rule and its countries, with their history. `act=add` extends the form without saving."""
    edition = load_edition(request, public_id, permissions.require_publish)
    work = edition.work
    form = TerritoryForm(request.POST or None, initial=_initial(edition))
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "add":
            chosen = {"rule": form.cleaned_data["rule"], "countries": form.cleaned_data["countries"]}
            return _page(request, edition, TerritoryForm(initial=chosen, current=_initial(edition)), is_unsaved=True)
        try:
            publishing_services.set_territory(actor=request.user, work=work, territory=form.territory, at=clock.now())
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            messages.success(request, _("Saved. This applies from now on."))
            return redirect("work-territory", public_id)
    return _page(request, edition, form)


def _page(request: PersonRequest, edition: Edition, form: TerritoryForm, *, is_unsaved: bool = False) -> HttpResponse:
    value = form["countries"].value() or []
    context = page_context(request.user, edition) | {
        "form": form,
        "is_unsaved": is_unsaved,
        "chosen": sorted(((code, country_name(code)) for code in value), key=lambda pair: pair[1]),
        "countries": iso_choices(),
        "changes": [
            (change, ", ".join(sorted(map(country_name, change.countries))))
            for change in edition.work.territory_changes.select_related("decided_by")[:20]
        ],
    }
    return render(request, "publishing/territory.html", context, status=422 if form.errors else 200)


def _initial(edition: Edition) -> dict[str, object]:
    found = edition.work.territory
    return {"rule": found.rule, "countries": list(found.countries)}
