"""Withdrawal from the contract: the page behind "Withdraw from contract here", and the action of "Confirm
withdrawal"."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from storefront.checkout.errors import NothingToWithdrawFrom
from storefront.checkout.guests.views.current_readers import for_holders
from storefront.checkout.orders.selectors import orders as order_selectors
from storefront.checkout.orders.views.request_origin import origin_of
from storefront.checkout.refunds.forms import WithdrawalForm
from storefront.checkout.refunds.services import withdrawals


@never_cache
@require_http_methods(["GET", "POST"])
@for_holders
def withdraw(request: VisitorRequest, holders: list[User], order_id: str) -> HttpResponse:
    """Ask which books, by whom, and where the acknowledgement goes; show what will happen to each."""
    order = order_selectors.order_of(buyers=holders, order_id=order_id)
    view = order_selectors.order_view(user=order.buyer, order=order, at=clock.now())
    lines = [line for line in view.lines if not line.is_gone and not line.is_withdrawn]
    form = WithdrawalForm(
        request.POST or None,
        lines=[(line.line_id, line.title) for line in lines],
        initial={"name": order.buyer.display_name, "email": order.buyer.mail_to},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            withdrawals.declare(
                order=order,
                line_ids=told["line"],
                name=told["name"],
                email=told["email"],
                at=clock.now(),
                origin=origin_of(request),
            )
        except NothingToWithdrawFrom as problem:  # the first of two clicks was faster
            messages.info(request, problem.text)
        else:
            words = _("We have received your withdrawal. A confirmation with date and time is on its way to %(email)s.")
            messages.success(request, words % {"email": told["email"]})
        return redirect("pages:order", order_id)
    context = {"order": order, "lines": lines, "form": form}
    return render(request, "checkout/withdraw.html", context, status=422 if form.errors else 200)
