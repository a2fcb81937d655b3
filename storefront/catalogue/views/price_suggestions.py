"""Suggested prices in the other currencies, from one price that the author enters."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from common import clock
from common.money import Money
from publishing import permissions
from publishing.models import Price
from publishing.views.loading import load_edition
from publishing.views.steps import page_context
from storefront.catalogue.forms import SuggestionForm
from storefront.catalogue.services import price_suggestions


@login_required
@never_cache
@require_safe
def suggest(request: PersonRequest, work_id: str) -> HttpResponse:
    """Show the suggestions for a price, with a link that fills them in on the price page. Saves nothing."""
    edition = load_edition(request, work_id, permissions.require_publish)
    form = SuggestionForm(request.GET or None, initial=_initial(edition.work.prices.order_by("currency").first()))
    found, fill = [], ""
    if form.is_bound and form.is_valid():
        price = form.price_entered
        found = price_suggestions.suggestions(price, at=clock.now())
        fill = urlencode({price.currency: str(price.decimal), **price_suggestions.links_of(found)})
    context = page_context(request.user, edition) | {
        "form": form,
        "suggestions": found,
        "has_any": any(one.price is not None for one in found),
        "fill": fill,
    }
    return render(request, "catalogue/price_suggestions.html", context)


def _initial(price: Price | None) -> dict[str, object]:
    if price is None:
        return {"currency": settings.DEFAULT_CURRENCY}
    return {"currency": price.currency, "price": Money(price.list_price_minor, price.currency).decimal}
