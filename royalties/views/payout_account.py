"""A contributor's payout account.

Changing it asks for the password again, and for two-factor authentication where that is required.
"""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.sites import site_of
from royalties.forms import BankForm, PayNowForm, PayoutCountryForm, ScheduleForm, bank_countries
from royalties.models import PayoutAccount, PayoutRail
from royalties.selectors import payout_page
from royalties.services import bank_details, payout_accounts, payouts
from royalties.views.decorators import for_contributors, hidden_from_strangers


@require_GET
@hidden_from_strangers
@for_contributors
def account(request: PersonRequest) -> HttpResponse:
    """Show the payout account with its state, or the available payout methods."""
    return _page(request)


@require_POST
@for_contributors
@reauthentication_required
def start(request: PersonRequest) -> HttpResponse:
    """Redirect to the provider's own page, which asks for name, address and bank details."""
    if (setup := _second_factor(request)) is not None:
        return setup
    found = PayoutAccount.objects.filter(user=request.user).first()
    is_open = found is not None and found.provider_account_id and found.rail == PayoutRail.STRIPE and not found.trouble
    form = PayoutCountryForm({"country": found.country} if found and is_open else request.POST)
    if not form.is_valid():
        return _page(request, status=422, country_form=form)
    address = payout_accounts.start_onboarding(
        actor=request.user,
        country=form.cleaned_data["country"],
        return_url=site_of(request) + reverse("earnings-account-return"),
        refresh_url=site_of(request) + reverse("earnings-account"),
        at=clock.database_now(),
    )
    return redirect(address)


@require_GET
@for_contributors
def returned(request: PersonRequest) -> HttpResponse:
    """Fetch the account's state from the provider after the person has come back from its page."""
    found = PayoutAccount.objects.filter(user=request.user).first()
    if found is None:
        raise NotFound
    try:
        found = payout_accounts.refresh(account=found, at=clock.database_now())
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


@for_contributors
@reauthentication_required
def bank(request: PersonRequest) -> HttpResponse:
    """Save the account for bank transfers. It is entered in full each time, because stored details are never shown."""
    if (setup := _second_factor(request)) is not None:
        return setup
    form = BankForm(
        request.POST or None, initial={"country": request.user.country, "holder": request.user.display_name}
    )
    if request.method == "POST" and form.is_valid():
        bank_details.use_bank(actor=request.user, beneficiary=form.cleaned_data["beneficiary"], at=clock.database_now())
        messages.success(request, _("Your bank account is saved. For your security, it is on hold at first."))
        return redirect("earnings-account")
    status = 422 if form.errors else 200
    return render(request, "royalties/bank.html", {"form": form}, status=status)


@require_POST
@for_contributors
def schedule(request: PersonRequest) -> HttpResponse:
    """Save how often, from which minimum and in which currency the person is paid."""
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, schedule_form=form)
    payout_accounts.choose_schedule(
        actor=request.user,
        schedule=form.cleaned_data["schedule"],
        minimum_units=form.cleaned_data["minimum"],
        currency=form.cleaned_data["currency"],
        at=clock.database_now(),
    )
    messages.success(request, _("Saved. This applies from the next payout."))
    return redirect("earnings-account")


@require_POST
@for_contributors
def pay_now(request: PersonRequest) -> HttpResponse:
    form = PayNowForm(request.POST)
    if form.is_valid():
        payouts.request_payout(actor=request.user, currency=form.cleaned_data["currency"], at=clock.database_now())
        messages.success(request, _("You have requested a payout. We check it before we send it."))
    return redirect("earnings-account")


def _second_factor(request: PersonRequest) -> HttpResponse | None:
    """Return a redirect to the two-factor setup if the person has to complete it first, otherwise None."""
    if settings.STAFF_SECOND_FACTOR_REQUIRED and not is_mfa_enabled(request.user):
        messages.warning(request, _("Set up two-factor authentication first. It protects your payout account."))
        return redirect("mfa_activate_totp")
    return None


def _page(request: PersonRequest, status: int = 200, **forms: Form) -> HttpResponse:
    """Render the account page. `forms` are bound forms whose errors are shown."""
    page = payout_page.account_page(user=request.user, at=clock.now())
    account = page.account
    context = {
        "page": page,
        "account": account,
        "bank_countries": bank_countries(),
        "country_form": PayoutCountryForm(initial={"country": account.country if account else request.user.country}),
        "schedule_form": ScheduleForm.of(account) if account else None,
        **forms,
    }
    return render(request, "royalties/account.html", context, status=status)
