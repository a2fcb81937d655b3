"""Returning a book, and the refund policy."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.page_cache import public_page
from accounts.requests import VisitorRequest
from common import clock
from storefront.checkout.errors import (
    RefundNotPossible,
)
from storefront.checkout.guests.views.current_readers import for_holders
from storefront.checkout.models import RefundState
from storefront.checkout.orders.selectors import orders as order_selectors
from storefront.checkout.orders.views.request_origin import origin_of
from storefront.checkout.refunds import services as refund_services
from storefront.checkout.refunds.selectors import refund_page

_SENT = _("Your refund is on its way. We will email you as soon as it is sent.")
_CANCELED = _("Cancelled. There was nothing to refund.")
_ASKED = _(
    "Someone on our team will look at your request within two working days, and we will email you. Until then, the "
    "book stays yours."
)


@never_cache
@require_http_methods(["GET", "POST"])
@for_holders
def refund(request: VisitorRequest, holders: list[User], order_id: str, line_id: str) -> HttpResponse:
    """Return one book: a page that says what will happen, and one click."""
    line = order_selectors.line_of(buyers=holders, order_id=order_id, line_id=line_id)
    buyer = line.order.buyer
    if line.is_copy:  # they are returned together, on a page of their own
        return redirect("checkout:order-copies", order_id)
    if request.method == "GET":
        view = order_selectors.order_view(user=buyer, order=line.order, at=clock.now())
        shown = next(row for row in view.lines if row.line_id == line_id)
        context = {"order": line.order, "line": shown, "page": refund_page(shown)}
        return render(request, "checkout/refund.html", context)
    try:
        reason = " ".join(request.POST.get("reason", "").split())[:200]
        asked = refund_services.request_refund(
            actor=buyer, line=line, reason=reason, at=clock.database_now(), origin=origin_of(request)
        )
    except RefundNotPossible as problem:
        messages.warning(request, problem.text)
    else:
        text = _CANCELED if asked is None else _ASKED if asked.state == RefundState.PROPOSED else _SENT
        messages.success(request, text)
    return redirect("pages:order", order_id)


@require_safe
@public_page()
def refund_policy(request: HttpRequest) -> HttpResponse:
    """Show the refund policy, as the code implements it."""
    return render(request, "checkout/refund_policy.html")
