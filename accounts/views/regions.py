"""Choosing a region: the language of the pages, and the country whose currency and tax they show."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import regions
from accounts.page_cache import public_page
from accounts.region_forms import RegionForm


@require_safe
@public_page()
def choose(request: HttpRequest) -> HttpResponse:
    """Show the form, or redirect to the same page (`to`) in the chosen region."""
    here = regions.current()
    page = _local(request.GET.get("to", ""))
    form = RegionForm(request.GET if "language" in request.GET else None, initial=_initial(here, page))
    if form.is_bound and form.is_valid():
        chosen = regions.of_person(language=form.cleaned_data["language"], country=form.cleaned_data["country"])
        return HttpResponseRedirect(chosen.prefix + page.lstrip("/"))
    return render(request, "accounts/region.html", {"form": form, "here": here})


def _initial(here: regions.Region, page: str) -> dict[str, str]:
    return {"language": here.language, "country": here.country, "to": page}


def _local(address: str) -> str:
    """Return the path of one of our pages without its region, or the front page for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
        return "/"
    rest = regions.split(parts.path)[1]
    return "/" + rest.lstrip("/") + (f"?{parts.query}" if parts.query else "")
