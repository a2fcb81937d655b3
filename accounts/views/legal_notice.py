"""The legal notice: who sells the shop's books."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common.seller import seller


@require_safe
@public_page()
def legal_notice(request: HttpRequest) -> HttpResponse:
    """Show the seller's name, address, tax number and email address from the settings."""
    return render(request, "accounts/legal_notice.html", {"seller": seller()})
