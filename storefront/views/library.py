"""What a person bought: the shelf, and the files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from storefront.selectors import library as library_selectors
from storefront.services import downloads as download_services
from storefront.views.files import private_file
from storefront.views.guards import address_of


@login_required
@never_cache
@require_safe
def library(request: PersonRequest) -> HttpResponse:
    """The person's books, searched and sorted."""
    query, sort = request.GET.get("q", "").strip()[:100], request.GET.get("sort", "recent")
    books = library_selectors.library_of(request.user, query=query, sort=sort)
    page = {"books": books, "query": query, "sort": sort, "sorts": list(library_selectors.SORTS)}
    page["awaited"] = library_selectors.awaited_by(request.user)
    return render(request, "storefront/library.html", page)


@login_required
@never_cache
@require_safe
def choose_file(request: PersonRequest, work_id: str, artifact_id: str) -> HttpResponse:
    """From the lasting address of a file to one that is good for five minutes."""
    link = download_services.download_link(actor=request.user, work_id=work_id, artifact_id=artifact_id)
    return redirect(link)


@login_required
@require_safe
def download(request: PersonRequest, token: str) -> HttpResponseBase:
    """The file itself."""
    artifact, name = download_services.open_link(actor=request.user, token=token, address=address_of(request))
    return private_file(request, artifact, name)
