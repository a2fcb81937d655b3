"""The page "Devices and apps" of an account: app passwords, and files on devices that may be books of the shop."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.client_ip import client_address
from common.errors import DomainError, NotAllowed
from common.limits import limited
from storefront.devices import permissions
from storefront.devices.forms import AppPasswordForm
from storefront.devices.opds.feed import V1, V2
from storefront.devices.selectors import app_passwords as selectors
from storefront.devices.selectors import synced_places as place_selectors
from storefront.devices.services import app_passwords as services
from storefront.devices.services import synced_places
from storefront.devices.services.app_passwords import Made
from storefront.devices.views.answers import address


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def app_passwords(request: PersonRequest) -> HttpResponse:
    """Show the person's app passwords, and make one."""
    permissions.require_member(request.user)
    if request.method == "POST":
        answer: HttpResponse = _make(request)
        return answer
    return _page(request, AppPasswordForm())


@reauthentication_required
@limited("app_password_made")
def _make(request: PersonRequest) -> HttpResponse:
    """Make an app password, and show it on this page alone: it is in no session and in no address."""
    form = AppPasswordForm(request.POST)
    if form.is_valid():
        try:
            made = services.make(
                actor=request.user, **form.cleaned_data, address=client_address(request), at=clock.now()
            )
        except NotAllowed:
            raise
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            return _page(request, AppPasswordForm(), made=made)
    return _page(request, form)


@login_required
@require_POST
def revoke(request: PersonRequest, password_id: str) -> HttpResponse:
    """Revoke an app password."""
    password = selectors.app_password_by_public_id(password_id)
    permissions.require_own(request.user, password)
    services.revoke(actor=request.user, password=password)
    messages.success(request, _("“%(name)s” can no longer get your books.") % {"name": password.name})
    return redirect("devices:app-passwords")


@login_required
@require_POST
def answer_offer(request: PersonRequest, place_id: str) -> HttpResponse:
    """Note whether a file on the person's device is the book that was offered."""
    place = place_selectors.place_by_public_id(place_id)
    permissions.require_own_place(request.user, place)
    is_theirs = request.POST.get("answer") == "yes"
    synced_places.answer_offer(actor=request.user, place=place, is_theirs=is_theirs)
    if is_theirs:
        messages.success(request, _("Your place in it will be the same on all your devices from its next sync on."))
    return redirect("devices:app-passwords")


def _page(request: PersonRequest, form: AppPasswordForm, *, made: Made | None = None) -> HttpResponse:
    context = {
        "form": form,
        "made": made,
        "passwords": selectors.app_passwords_of(request.user),
        "offers": place_selectors.offers_of(request.user),
        "sync_address": f"{settings.SITE_URL}/koreader",
        "catalogues": (address("opds-start", V1), address("opds-start", V2)),
    }
    return render(request, "devices/app_passwords.html", context, status=422 if form.errors else 200)
