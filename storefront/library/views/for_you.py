"""Recommendations for one reader, with reasons."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from storefront.catalogue.models import MIN_COMMON_READERS
from storefront.library.selectors import for_you as selectors


@login_required
@never_cache
@require_safe
def for_you(request: PersonRequest) -> HttpResponse:
    """Show the reader's recommendations. Only they see them, and nothing is stored."""
    facts = {"reasons": selectors.recommendations_for(request.user), "fewest": MIN_COMMON_READERS}
    return render(request, "library/for_you.html", facts)
