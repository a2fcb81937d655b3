"""Where a contributor's payouts go. Changing it asks for the password again, and for a second factor where required."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from royalties.forms import MinimumForm, PayoutCountryForm
from royalties.models import PayoutAccount
from royalties.services import payout_accounts
from royalties.views.access import for_contributors


@require_GET
@for_contributors
def account(request: PersonRequest) -> HttpResponse:
    """The payout account with its state, or the form that starts one."""
    found = PayoutAccount.objects.filter(user=request.user).first()
    context = {
        "account": found,
        "country_form": PayoutCountryForm(initial={"country": found.country if found else request.user.country}),
        "minimum_form": MinimumForm.of(found) if found else None,
        "is_usable": found is not None and found.is_usable(clock.now()),
    }
    return render(request, "royalties/account.html", context)


@require_POST
@for_contributors
@reauthentication_required
def start(request: PersonRequest) -> HttpResponse:
    """To the provider's own page, which asks for name, address and bank details."""
    if settings.STAFF_SECOND_FACTOR_REQUIRED and not is_mfa_enabled(request.user):
        messages.warning(request, _("Set up a second factor first: it protects where your money goes."))
        return redirect("mfa_activate_totp")
    found = PayoutAccount.objects.filter(user=request.user).first()
    form = PayoutCountryForm({"country": found.country} if found and found.provider_account_id else request.POST)
    if not form.is_valid():
        return render(request, "royalties/account.html", {"account": found, "country_form": form}, status=422)
    address = payout_accounts.start_onboarding(
        actor=request.user,
        country=form.cleaned_data["country"],
        return_url=settings.SITE_URL + reverse("earnings-account-return"),
        refresh_url=settings.SITE_URL + reverse("earnings-account"),
        at=clock.now(),
    )
    return redirect(address)


@require_GET
@for_contributors
def returned(request: PersonRequest) -> HttpResponse:
    """Back from the provider's page: the provider is asked what came of it."""
    found = PayoutAccount.objects.filter(user=request.user).first()
    if found is None:
        raise NotFound
    try:
        found = payout_accounts.refresh(account=found, at=clock.now())
    except DomainError as error:
        messages.warning(request, error.text)
        return redirect("earnings-account")
    if found.is_ready:
        messages.success(request, _("Your payout account is set up."))
    else:
        messages.warning(
            request, _("The payment provider still needs something from you. Continue where you left off.")
        )
    return redirect("earnings-account")


@require_POST
@for_contributors
def minimum(request: PersonRequest) -> HttpResponse:
    """The smallest payout."""
    form = MinimumForm(request.POST)
    if form.is_valid():
        payout_accounts.set_minimum(actor=request.user, minimum_minor=form.minimum_minor)
        messages.success(request, _("The smallest payout is saved."))
        return redirect("earnings-account")
    found = PayoutAccount.objects.filter(user=request.user).first()
    context = {"account": found, "country_form": PayoutCountryForm(), "minimum_form": form}
    return render(request, "royalties/account.html", context, status=422)
