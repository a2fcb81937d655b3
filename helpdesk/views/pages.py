"""Help, frequently asked questions and the about page: the same for everyone."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common.errors import NotFound
from common.seller import seller
from helpdesk import licenses

# The help pages in their order, by the last part of their URL.
READERS = ("reading", "orders", "refunds", "account")
AUTHORS = ("publishing", "files", "earnings", "co-authors")


@require_safe
@public_page()
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "helpdesk/help.html")


@require_safe
@public_page()
def topic(request: HttpRequest, name: str) -> HttpResponse:
    """Show one help page."""
    if name not in READERS + AUTHORS:
        raise NotFound
    context = {"name": name, "max_mb": settings.MAX_MANUSCRIPT_BYTES // (1024 * 1024)}
    return render(request, f"helpdesk/help/{name}.html", context)


@require_safe
@public_page()
def faq(request: HttpRequest) -> HttpResponse:
    return render(request, "helpdesk/faq.html")


@require_safe
@public_page()
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "helpdesk/about.html", {"seller": seller()})


@require_safe
@public_page()
def source(request: HttpRequest) -> HttpResponse:
    """Where to get the source of what runs here (AGPL, section 13), and the licences of what pages are made with."""
    context = {"source_url": settings.SOURCE_URL, "licenses": licenses.vendored()}
    return render(request, "helpdesk/source.html", context)
