"""A fragment for the desk: how many readers have pre-ordered a work."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import PersonRequest
from publishing import permissions as publishing_permissions
from publishing.views.loading import load_work
from storefront.checkout.preorders import selectors as preorder_selectors


@login_required
@never_cache
@require_GET
def waiting(request: PersonRequest, work_id: str) -> HttpResponse:
    """Show the number to the work's makers."""
    work = load_work(request, work_id, publishing_permissions.require_see)
    return render(request, "checkout/_preorders.html", {"number": preorder_selectors.count_waiting(work)})
