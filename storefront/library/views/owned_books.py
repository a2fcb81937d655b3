"""The books the visitor already has: book pages and cards say so instead of offering them again."""

from __future__ import annotations

from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import regions
from accounts.requests import VisitorRequest
from storefront.catalogue.models import Listing
from storefront.checkout.guests.views.current_readers import owned_works

_MAX_ASKED = 200  # cards on a page


@never_cache
@require_GET
def owned(request: VisitorRequest) -> JsonResponse:
    """Return which of these books the visitor has, with their reading URLs, for cards, which are cached for
    everybody."""
    slugs = request.GET.getlist("book")[:_MAX_ASKED]
    works = dict(Listing.objects.filter(slug__in=slugs).values_list("slug", "work_id")) if slugs else {}
    own_works = owned_works(request, works.values())
    mine = [slug for slug, work in works.items() if work in own_works]
    books = {slug: regions.reader_path(reverse("reading:read", args=[slug])) for slug in mine}
    return JsonResponse({"says": _("You own this"), "read": _("Read"), "books": books})
