"""Orders and refunds in the finance office."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.paging import page_of
from payments.gateway import GatewayRefused, GatewayUnknown
from royalties.views.decorators import for_finance, known_to_moderators
from storefront.checkout import permissions
from storefront.checkout.models import OrderLine, Refund, RefundState
from storefront.checkout.office import selectors as office
from storefront.checkout.office.forms import BankTransferForm, OrdersFilter, RefundForm, RefundsFilter
from storefront.checkout.orders.services import payment_mismatch
from storefront.checkout.refunds import services as refunds
from storefront.checkout.tax.evidence import pieces


@require_GET
@for_finance
def order_list(request: PersonRequest) -> HttpResponse:
    """Show every order, found by its id, the buyer's email address or the provider's payment; those that wait come
    first."""
    form = OrdersFilter(request.GET)
    found = office.orders_by(**(form.cleaned_data if form.is_valid() else {}))
    waiting = [] if request.GET else office.waiting_orders()[:50]
    page = {
        "form": form,
        "page": page_of(request, found),
        "waiting": waiting,
        "contradicting": office.contradicting(),
    }
    return render(request, "checkout/office/orders.html", page)


@require_GET
@for_finance
def order(request: PersonRequest, order_id: str) -> HttpResponse:
    """Show one order: its lines with what is left of them, payments, refunds, disputes."""
    return _order_page(request, order_id, {})


@require_POST
@known_to_moderators
@for_finance
def give_back(request: PersonRequest, order_id: str, line_id: str) -> HttpResponse:
    """Refund part or all of one line."""
    line = OrderLine.objects.select_related("order").filter(public_id=line_id, order__public_id=order_id).first()
    if line is None:
        raise NotFound
    form = RefundForm(request.POST, currency=line.order.currency)
    if not form.is_valid():
        return _order_page(request, order_id, {"form": form, "form_line": line_id}, status=422)
    try:
        refund = refunds.propose_refund(actor=request.user, line=line, at=clock.database_now(), **form.cleaned_data)
    except DomainError as problem:
        messages.error(request, problem.text)
    else:
        waits = refund.state == RefundState.PROPOSED
        text = _("A second person has to approve the refund.") if waits else _("The refund is on its way.")
        messages.success(request, text)
    return redirect("office:order", order_id)


@require_POST
@for_finance
def decide_quarantine(request: PersonRequest, order_id: str) -> HttpResponse:
    """Accept a payment that was not what was quoted, or refund it in full."""
    found = office.office_order(order_id)
    if found is None:
        raise NotFound
    if request.POST.get("decision") == "accept":
        act, done = payment_mismatch.accept, _("The order now counts as paid.")
    else:
        act, done = (
            payment_mismatch.refund_order,
            _("The order is closed. Any money that no bank has taken back is being refunded."),
        )
    return _decided(request, order_id, partial(act, order=found.order), done)


@require_POST
@for_finance
def send_back(request: PersonRequest, order_id: str, payment_id: str) -> HttpResponse:
    """Refund a payment that does not match and arrived when the order was already paid."""
    payment = office.payment_of(order_id, payment_id)
    if payment is None:
        raise NotFound
    done = _("The order stays as it is. Any money that no bank has taken back is being refunded.")
    return _decided(request, order_id, partial(payment_mismatch.refund_unmatched, payment=payment), done)


@require_GET
@known_to_moderators
@for_finance
def refund_list(request: PersonRequest) -> HttpResponse:
    """Show refunds; those that wait for a decision come first."""
    form = RefundsFilter(request.GET)
    found = office.refunds_by(**(form.cleaned_data if form.is_valid() else {}))
    page = {
        "form": form,
        "page": page_of(request, found),
        "waiting": [] if request.GET else office.refunds_by(state=RefundState.PROPOSED)[:50],
        "returned": [] if request.GET else office.refunds_by(state=RefundState.RETURNED)[:50],
        "may_decide": permissions.may_give_back_for_others(request.user),
        "is_goodwill_used_up": office.is_goodwill_used_up(clock.now().date()),
    }
    return render(request, "checkout/office/refunds.html", page)


@require_POST
@known_to_moderators
@for_finance
def decide(request: PersonRequest, refund_id: str) -> HttpResponse:
    """Approve or decline a waiting refund."""
    refund = _refund(refund_id)
    act = refunds.approve_refund if request.POST.get("decision") == "approve" else refunds.decline_refund
    try:
        act(actor=request.user, refund=refund, at=clock.database_now())
    except DomainError as problem:
        messages.error(request, problem.text)
    return redirect("office:refunds")


@require_POST
@known_to_moderators
@for_finance
def resent(request: PersonRequest, refund_id: str) -> HttpResponse:
    """Record that the money of a returned refund was sent by bank transfer."""
    form = BankTransferForm(request.POST)
    if form.is_valid():
        refunds.resend_by_bank(
            actor=request.user, refund=_refund(refund_id), at=clock.database_now(), **form.cleaned_data
        )
        messages.success(request, _("The bank transfer has been posted."))
    else:
        messages.error(request, _("Enter the reference of the bank transfer."))
    return redirect("office:refunds")


def _decided(request: PersonRequest, order_id: str, act: Callable[..., object], done: str) -> HttpResponse:
    """Carry out a decision about a payment, and show the result."""
    try:
        act(actor=request.user, at=clock.database_now())
    except DomainError as problem:
        messages.error(request, problem.text)
    except (GatewayUnknown, GatewayRefused):
        messages.error(request, _("The payment provider is not responding. Try again in a minute."))
    else:
        messages.success(request, done)
    return redirect("office:order", order_id)


def _order_page(request: PersonRequest, order_id: str, extra: dict[str, Any], *, status: int = 200) -> HttpResponse:
    found = office.office_order(order_id)
    if found is None:
        raise NotFound
    page = {
        "view": found,
        "evidence": pieces(found.order.tax_evidence),
        "may_give_back": permissions.may_give_back_for_others(request.user),
        "limit": refunds.staff_limit_minor(found.order.currency),
        **extra,
    }
    return render(request, "checkout/office/order.html", page, status=status)


def _refund(refund_id: str) -> Refund:
    refund = office.refund_of(refund_id)
    if refund is None:
        raise NotFound
    return refund
