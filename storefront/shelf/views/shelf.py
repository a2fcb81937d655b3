"""The library: the shelf with its search, filters and order."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from common.limits import limited
from storefront.checkout.guests import selectors as guest_selectors
from storefront.library.selectors import library as library_selectors
from storefront.shelf.selectors.shelf_page import Wanted, shelf_page
from storefront.shelf.services import choices


@login_required
@never_cache
@require_safe
def books(request: PersonRequest) -> HttpResponse:
    """Show the shelf, searched, filtered and sorted, after the book to continue."""
    context = {
        "page": shelf_page(request.user, Wanted.of(request.GET)),
        "waiting": guest_selectors.waiting_for(request.user),
        "awaited": library_selectors.awaited_by(request.user),
    }
    return render(request, "shelf/shelf.html", context)


@login_required
@never_cache
@require_POST
@limited("mark")
def view(request: PersonRequest) -> HttpResponse:
    """Show covers or rows from now on."""
    choices.set_view(actor=request.user, is_list=request.POST.get("layout") == "list")
    back = Wanted.of(QueryDict(request.POST.get("back", "")[:500].removeprefix("?")))
    return redirect(reverse("library:books") + back.address)
