"""Pages of the simulated provider: its hosted pages for paying and onboarding, and the panel that simulates events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import is_finance
from payments import forms, sandbox_events, selectors
from payments.errors import CardDeclined, SimulationRefused
from payments.stripe.sandbox import accounts, customers, payment_page
from payments.stripe.sandbox.cards import CARDS
from payments.stripe.sandbox.resources import SandboxError
from payments.stripe.sandbox.taxes import taxed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@never_cache
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, session_id: str) -> HttpResponse:
    """Show the payment page: pay, be declined, pass 3-D Secure, or leave."""
    session = _session(session_id)
    form = forms.PayForm(request.POST or None, initial={"country": request.GET.get("country", "")})
    saved = customers.saved_card(session)
    if saved is not None:
        form.initial["card"] = saved.token
    page: dict[str, Any] = {"session": _shown(session), "form": form, "cards": CARDS.values(), "saved": saved}
    page["may_save"] = payment_page.may_save(session)
    if request.method == "GET" or session["status"] != "open" or not form.is_valid():
        return render(request, "payments/sandbox/pay.html", page)
    priced = session | taxed(session, form.cleaned_data["country"])
    if request.POST.get("total", str(session["amount_total"])) != str(priced["amount_total"]):
        # Buyers never pay a total they have not seen: tax was added for the country just entered.
        return render(request, "payments/sandbox/pay.html", page | {"session": _shown(priced), "is_taxed": True})
    card, answer = form.cleaned_data["card"], request.POST.get("challenge", "")
    if card.outcome == "challenge" and answer not in {"passed", "failed"}:
        return render(request, "payments/sandbox/challenge.html", {"session": _shown(priced), "form": form})
    try:
        if answer == "failed":
            raise CardDeclined
        payment_page.pay(
            session_id=session_id, card=card, country=form.cleaned_data["country"], is_saved=form.cleaned_data["save"]
        )
    except CardDeclined as declined:
        return render(request, "payments/sandbox/pay.html", page | {"declined": declined})
    return HttpResponseRedirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session_id))


@never_cache
@require_http_methods(["GET", "POST"])
def onboard(request: HttpRequest, link_id: str) -> HttpResponse:
    """Show the page where a payee verifies its identity; finishing it activates transfers."""
    _only_in_sandbox()
    try:
        link, account = accounts.link_of_page(link_id=link_id)
    except SandboxError:
        raise Http404 from None
    addresses = link["use_case"]["account_onboarding"]
    if accounts.has_expired(link):
        return HttpResponseRedirect(addresses["refresh_url"])
    if request.method == "POST":
        accounts.finish_onboarding(link_id=link_id)
        return HttpResponseRedirect(addresses["return_url"])
    return render(request, "payments/sandbox/onboard.html", {"account": account, "leave_url": addresses["return_url"]})


@never_cache
@require_GET
def simulate_panel(request: HttpRequest) -> HttpResponse:
    """Show what the provider has seen lately and what can be simulated next. For finance staff; 404 for others."""
    _only_finance_in_sandbox(request)
    return render(
        request,
        "payments/sandbox/simulate.html",
        {
            "at_provider": selectors.simulation(),
            "fault_form": forms.FaultForm(),
            "rate_form": forms.RateForm(),
            "reasons": forms.reason_choices(),
        },
    )


@never_cache
@require_POST
def simulate_happening(request: HttpRequest, verb: str) -> HttpResponse:
    """Simulate one event at the provider."""
    _only_finance_in_sandbox(request)
    if verb not in _HAPPENINGS:
        raise Http404
    happening = _HAPPENINGS[verb]
    form = happening.form(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(problem) for problems in form.errors.values() for problem in problems))
    else:
        try:
            happening.let(**form.cleaned_data)
        except SimulationRefused as reason:
            messages.error(request, reason.text)
        else:
            messages.success(request, happening.told)
    return redirect("sandbox-simulate")


@dataclass(frozen=True, slots=True)
class _Happening:
    """A verb of `payments.sandbox_events`, the form with its parameters, and the message shown afterwards."""

    let: Callable[..., object]
    form: type[Form]
    told: StrOrPromise


_HAPPENINGS = {
    "dispute": _Happening(sandbox_events.open_dispute, forms.DisputeForm, _("The payment has been disputed.")),
    "decide": _Happening(sandbox_events.decide_dispute, forms.OutcomeForm, _("The bank has decided.")),
    "refund": _Happening(
        sandbox_events.refund_in_dashboard, forms.DashboardRefundForm, _("The payment has been refunded.")
    ),
    "fail-refund": _Happening(sandbox_events.fail_refund, forms.RefundForm, _("The bank has returned the refund.")),
    "settle-refunds": _Happening(sandbox_events.settle_refunds, forms.EmptyForm, _("The refunds have arrived.")),
    "warn": _Happening(sandbox_events.warn_of_fraud, forms.ChargeForm, _("The card network has sent a fraud warning.")),
    "restrict": _Happening(sandbox_events.restrict_account, forms.AccountForm, _("The account has been restricted.")),
    "activate": _Happening(sandbox_events.activate_account, forms.AccountForm, _("The account has been activated.")),
    "close": _Happening(sandbox_events.close_account, forms.AccountForm, _("The account has been closed.")),
    "change-bank": _Happening(sandbox_events.change_bank, forms.AccountForm, _("The bank account has been changed.")),
    "pay-out": _Happening(sandbox_events.pay_out_accounts, forms.EmptyForm, _("Payouts are on their way.")),
    "pay-out-platform": _Happening(
        sandbox_events.pay_out_platform, forms.CurrencyForm, _("Our balance is on its way to our bank.")
    ),
    "bill-payouts": _Happening(
        sandbox_events.bill_payouts, forms.CurrencyForm, _("The payout costs have been billed.")
    ),
    "pay": _Happening(sandbox_events.pay_payout, forms.PayoutForm, _("The payout has arrived.")),
    "fail": _Happening(sandbox_events.fail_payout, forms.PayoutForm, _("The bank has returned the payout.")),
    "settle-payments": _Happening(sandbox_events.settle_payments, forms.EmptyForm, _("The banks have answered.")),
    "rate": _Happening(sandbox_events.set_rate, forms.RateForm, _("The exchange rate has been changed.")),
    "fault": _Happening(
        sandbox_events.arm_fault, forms.FaultForm, _("The fault is set. It affects the next matching requests.")
    ),
    "no-faults": _Happening(sandbox_events.disarm_faults, forms.EmptyForm, _("All faults have been cleared.")),
    "time": _Happening(sandbox_events.let_time_pass, forms.EmptyForm, _("Everything due has been processed.")),
    "deliver": _Happening(sandbox_events.deliver_events, forms.EmptyForm, _("The events have been sent again.")),
}


def _session(session_id: str) -> dict[str, Any]:
    _only_in_sandbox()
    try:
        return payment_page.session_of_page(session_id=session_id)
    except SandboxError:
        raise Http404 from None


def _shown(session: dict[str, Any]) -> dict[str, Any]:
    """Return the session for templates, which cannot read names that begin with an underscore."""
    return session | {"lines": session["_lines"], "currency": session["currency"].upper()}


def _only_in_sandbox() -> None:
    if not settings.PAYMENTS_SANDBOX:
        raise Http404


def _only_finance_in_sandbox(request: HttpRequest) -> None:
    _only_in_sandbox()
    if not is_finance(request.user):
        raise Http404
