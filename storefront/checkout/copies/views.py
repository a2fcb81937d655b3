"""The page of several copies: their links to hand out, as a file too, and returning unopened ones."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from common.errors import NotFound
from common.templatetags.money import money
from storefront.checkout.copies import services
from storefront.checkout.copies.selectors import CopiesPage, copies_page
from storefront.checkout.errors import RefundHeld
from storefront.checkout.gifts.services import gifts as gift_services
from storefront.checkout.guests.views.current_readers import for_holders
from storefront.checkout.orders.selectors import orders as order_selectors
from storefront.checkout.orders.views.request_origin import origin_of


@never_cache
@require_http_methods(["GET", "POST"])
@for_holders
def copies(request: VisitorRequest, holders: list[User], order_id: str) -> HttpResponse:
    """Show the links and which are opened; return those that are ticked."""
    page = _page(holders, order_id)
    if request.method == "POST":
        _return(request, page)
        return redirect("checkout:order-copies", order_id)
    return render(request, "checkout/copies.html", {"page": page})


@never_cache
@require_GET
@for_holders
def copies_csv(request: VisitorRequest, holders: list[User], order_id: str) -> HttpResponse:
    """Return the links as a table, for a mail merge or a print shop."""
    page = _page(holders, order_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{page.slug}-copies.csv"'
    rows = csv.writer(response)
    rows.writerow([pgettext("one of several", "Copy"), _("Link"), _("State")])
    rows.writerows([row.number, row.link, row.state] for row in page.rows)
    return response


def _page(holders: list[User], order_id: str) -> CopiesPage:
    order = order_selectors.order_of(buyers=holders, order_id=order_id)
    page = copies_page(order, at=clock.now(), link_of=gift_services.link_of)
    if page is None:
        raise NotFound
    return page


def _return(request: VisitorRequest, page: CopiesPage) -> None:
    asked = request.POST.getlist("line")
    try:
        refunds = services.return_copies(
            actor=page.order.buyer,
            order=page.order,
            line_ids=asked,
            at=clock.database_now(),
            origin=origin_of(request),
        )
    except RefundHeld as held:
        messages.warning(request, held.text)
        return
    if refunds:
        total = sum(refund.amount_minor for refund in refunds)
        words = ngettext("%(n)d copy returned.", "%(n)d copies returned.", len(refunds)) % {"n": len(refunds)}
        sent = _("Your refund of %(amount)s is on its way.") % {"amount": money(total, page.order.currency)}
        messages.success(request, f"{words} {sent}")
    if len(refunds) < len(set(asked)):
        messages.warning(request, _("Copies that somebody has opened, or whose time is over, cannot be returned."))
    elif not asked:
        messages.warning(request, _("Choose the copies that you want to return."))
