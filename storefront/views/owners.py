"""What the visitor has already: pages of books and cards say so instead of selling it once more."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import VisitorRequest
from storefront.models import Listing
from storefront.selectors.library import entitled_works
from storefront.views.holders import holders_of

_MOST_ASKED = 200  # cards of a page


@never_cache
@require_GET
def owned(request: VisitorRequest) -> JsonResponse:
    """Which of these books the visitor has, with the way to read each: for cards, which are the same for everybody."""
    slugs = request.GET.getlist("book")[:_MOST_ASKED]
    works = dict(Listing.objects.filter(slug__in=slugs).values_list("slug", "work_id")) if slugs else {}
    mine = owned_works(request, works.values())
    books = {slug: reverse("read", args=[slug]) for slug, work in works.items() if work in mine}
    return JsonResponse({"says": _("You own this"), "read": _("Read"), "books": books})


def owned_works(request: VisitorRequest, work_ids: Iterable[int]) -> set[int]:
    """Those of the works that the visitor has: in their library, or by orders whose links this browser has opened. Its
    makers may read a book as well, but see its page as buyers do. Nothing is asked for a visitor without a session."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return set()
    return entitled_works(holders_of(request), work_ids)
