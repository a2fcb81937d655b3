"""Takes the library elsewhere."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from common import limits
from storefront.shelf.selectors.goodreads import goodreads_csv


@login_required
@never_cache
@require_safe
def export(request: PersonRequest) -> HttpResponse:
    """Say what can be taken where."""
    return render(request, "shelf/export.html")


@login_required
@never_cache
@require_safe
def goodreads(request: PersonRequest) -> HttpResponse:
    """Send the library as Goodreads' CSV."""
    limits.consume(request, "note_export", counts_reads=True)
    answer = HttpResponse("".join(goodreads_csv(request.user)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename="octavo-library.csv") or ""
    return answer
