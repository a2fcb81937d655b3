"""What changed in an edition of a book: its notes and chapters for everybody, the passages for its readers."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import VisitorRequest
from publishing.permissions import is_maker
from storefront.catalogue.models import Listing
from storefront.checkout.guests.views.current_readers import owned_works
from storefront.pages.selectors import book_changes as changes_selectors


@require_safe
@never_cache
def changes(request: VisitorRequest, slug: str) -> HttpResponse:
    """Show one edition beside the one before it. A book that is off sale has this page for its readers only."""
    listing = Listing.objects.select_related("work").filter(slug=slug).first()
    if listing is None:
        raise Http404
    may_read = bool(owned_works(request, [listing.work_id])) or is_maker(request.user, listing.work)
    if not (listing.is_on_sale or may_read):
        raise Http404
    found = changes_selectors.book_changes(
        listing.work,
        label=request.GET.get("edition", "")[:12],
        only=request.GET.get("chapter", "")[:6],
        may_read=may_read,
    )
    context = {"book": listing, "found": found, "may_read": may_read}
    return render(request, "pages/book_changes.html", context)
