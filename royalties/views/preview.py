"""A preview of what a list price would earn the contributors, before anything is published."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.money import BPS, Money
from publishing import permissions as publishing_permissions
from publishing import selectors as publishing_selectors
from publishing.models import Work
from royalties.forms import PreviewForm
from royalties.services import terms
from royalties.views.decorators import for_contributors


@require_GET
@for_contributors
def preview(request: PersonRequest) -> HttpResponse:
    """Show the breakdown of one sale at a price.

    With scripts it is a fragment beside the author's price field, without scripts a page of its own.
    """
    form = PreviewForm(request.GET)
    if not form.is_valid():
        raise NotFound
    work = _own_work(request, form.cleaned_data["work"])
    price = Money(form.cleaned_data["price_minor"], form.cleaned_data["currency"])
    shares = _shares(work)
    context: dict[str, object] = {"price": price, "is_fragment": "HX-Request" in request.headers, "work": work}
    try:
        found = terms.preview(list_price=price, tax_rate_bps=0, shares=[bps for _, bps in shares] or [BPS])
    except DomainError as error:
        context["error"] = error.text
    else:
        names = [name for name, _ in shares]
        context |= {"preview": found, "shares": list(zip(names, found.shares, strict=False)) if names[1:] else []}
    template = "royalties/_preview.html" if context["is_fragment"] else "royalties/preview.html"
    return render(request, template, context)


def _own_work(request: PersonRequest, public_id: str) -> Work:
    work = publishing_selectors.work_by_public_id(public_id)
    publishing_permissions.require_publish(request.user, work)
    return work


def _shares(work: Work) -> list[tuple[str, int]]:
    """Return the contributors' names and basis points in the current split."""
    agreement = publishing_selectors.agreement_in_force(work)
    if agreement is None:
        return []
    current = publishing_selectors.shares_at(agreement, clock.now())
    return [(one.contributor.name, one.share_bps) for one in current if one.share_bps]
