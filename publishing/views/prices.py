"""The page for list prices, with the author's earnings."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from babel.numbers import get_currency_symbol
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from common.money import exponent
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.models import Work
from publishing.price_forms import PriceForm
from publishing.views.loading import load_edition
from publishing.views.steps import next_step_url_name, page_context

# URL of a fragment that royalties serves; publishing must not import that app.
_PREVIEW = "/earnings/preview/"


@dataclass(frozen=True, slots=True)
class PriceField:
    """The price field of one currency.

    `net_href` is the URL of the earnings at the current price, or ""; `net_base` is that URL without the price at its
    end.
    """

    field: BoundField
    open_field: BoundField
    suggested_field: BoundField
    currency: str
    symbol: str
    exponent: int
    net_href: str
    net_base: str


@login_required
@never_cache
def price(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show one price field per currency, each with the author's earnings, and save them."""
    edition = load_edition(request, public_id, permissions.require_publish)
    form = PriceForm(request.POST or None, work=edition.work)
    # Suggested prices come in the address, are shown in the fields, and are saved by the author alone.
    form.initial.update({code: request.GET[code][:12] for code in settings.CURRENCIES if code in request.GET})
    if request.method == "POST" and form.is_valid():
        try:
            publishing_services.set_prices(actor=request.user, work=edition.work, prices=form.prices, at=clock.now())
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            is_sold = selectors.published_of(edition.work) is not None
            messages.success(request, _("Price saved. Readers see it at once.") if is_sold else _("Price saved."))
            return redirect(next_step_url_name("work-price", edition), public_id)
    context = page_context(request.user, edition, "work-price") | {
        "form": form,
        "fields": [_price_field(form, currency, edition.work) for currency in settings.CURRENCIES],
    }
    return render(request, "publishing/price.html", context, status=422 if form.errors else 200)


def _price_field(form: PriceForm, currency: str, work: Work) -> PriceField:
    base = f"{_PREVIEW}?{urlencode({'work': work.public_id, 'currency': currency})}&price_minor="
    saved = work.prices.filter(currency=currency).values_list("list_price_minor", flat=True).first()
    shown = form.proposed_minor(currency) if saved is None else saved
    return PriceField(
        field=form[currency],
        open_field=form[f"is_open_{currency}"],
        suggested_field=form[f"suggested_{currency}"],
        currency=currency,
        symbol=get_currency_symbol(currency, (get_language() or "en").replace("-", "_")),
        exponent=exponent(currency),
        net_href="" if shown is None else f"{base}{shown}",
        net_base=base,
    )
