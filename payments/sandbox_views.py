"""Pages of the simulated provider: paying and onboarding, as a hosted page would show them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from payments.errors import CardDeclined
from payments.forms import PayForm
from payments.stripe.sandbox import accounts, paying
from payments.stripe.sandbox.cards import CARDS
from payments.stripe.sandbox.wire import SandboxError


@never_cache
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, session_id: str) -> HttpResponse:
    """The payment page: pay, be declined, pass 3-D Secure, or leave."""
    session = _session(session_id)
    form = PayForm(request.POST or None, initial={"country": request.GET.get("country", "")})
    page: dict[str, Any] = {"session": session, "form": form, "cards": CARDS.values()}
    if request.method == "GET" or session["status"] != "open" or not form.is_valid():
        return render(request, "payments/sandbox/pay.html", page)
    card, answer = form.cleaned_data["card"], request.POST.get("challenge", "")
    if card.outcome == "challenge" and answer not in {"passed", "failed"}:
        return render(request, "payments/sandbox/challenge.html", {"session": session, "form": form})
    try:
        if answer == "failed":
            raise CardDeclined
        paying.pay(session_id=session_id, card=card, country=form.cleaned_data["country"])
    except CardDeclined as declined:
        return render(request, "payments/sandbox/pay.html", page | {"declined": declined})
    return HttpResponseRedirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session_id))


@never_cache
@require_http_methods(["GET", "POST"])
def onboard(request: HttpRequest, link_id: str) -> HttpResponse:
    """The page where a payee introduces itself; finishing makes transfers possible."""
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


def _session(session_id: str) -> dict[str, Any]:
    _only_in_sandbox()
    try:
        session = paying.session_of_page(session_id=session_id)
    except SandboxError:
        raise Http404 from None
    # Templates may not read names that begin with an underscore.
    return session | {"lines": session["_lines"], "currency": session["currency"].upper()}


def _only_in_sandbox() -> None:
    if not settings.PAYMENTS_SANDBOX:
        raise Http404
