"""The list of all bundles."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from storefront.catalogue.selectors import bundle_list

_MAX_CURSOR_LENGTH = 40


@require_safe
@public_page()
def bundles(request: HttpRequest) -> HttpResponse:
    """List the bundles on sale."""
    after = request.GET.get("after", "")[:_MAX_CURSOR_LENGTH]
    context = {"page": bundle_list.bundle_list(after=after), "after": after}
    return render(request, "catalogue/bundle_list.html", context)
