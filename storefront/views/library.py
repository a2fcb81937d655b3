"""What a person bought: the shelf, and the files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common.errors import NotFound
from common.visitors import client_address
from conversion.models import Artifact
from storefront.errors import LinkExpired
from storefront.selectors import guests as guest_selectors
from storefront.selectors import library as library_selectors
from storefront.services import downloads as download_services
from storefront.views.files import private_file
from storefront.views.holders import first_holder, for_holders


@login_required
@never_cache
@require_safe
def library(request: PersonRequest) -> HttpResponse:
    """The person's books, searched and sorted."""
    query, sort = request.GET.get("q", "").strip()[:100], request.GET.get("sort", "recent")
    books = library_selectors.library_of(request.user, query=query, sort=sort)
    page = {"books": books, "query": query, "sort": sort, "sorts": list(library_selectors.SORTS)}
    page["waiting"] = guest_selectors.waiting_for(request.user)
    page["awaited"] = library_selectors.awaited_by(request.user)
    return render(request, "storefront/library.html", page)


@never_cache
@require_safe
@for_holders
def choose_file(request: VisitorRequest, holders: list[User], work_id: str, artifact_id: str) -> HttpResponse:
    """From the lasting address of a file to one that is good for five minutes."""

    def link_for(holder: User) -> str:
        return download_services.download_link(actor=holder, work_id=work_id, artifact_id=artifact_id)

    return redirect(first_holder(holders, link_for, NotFound))


@require_safe
@for_holders
def download(request: VisitorRequest, holders: list[User], token: str) -> HttpResponseBase:
    """The file itself."""

    def open_for(holder: User) -> tuple[Artifact, str]:
        return download_services.open_link(actor=holder, token=token, address=client_address(request))

    artifact, name = first_holder(holders, open_for, LinkExpired)
    return private_file(request, artifact, name)
