"""Where a share link leads."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.limits import rate_limited_by_network
from insight.events.models import ShareLink


@require_safe
@never_cache
@rate_limited_by_network("list")
def link(request: HttpRequest, code: str) -> HttpResponse:
    """Redirect to the book's page, which tells the link's code with its views. The click itself is not recorded."""
    found = ShareLink.objects.select_related("work").filter(code=code).first()
    if found is None:
        raise Http404
    page = reverse("pages:book", args=[found.work.slug])
    return redirect(f"{page}?via={found.code}")
