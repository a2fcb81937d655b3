"""The page "Send to device" of an account: its devices, and what was sent to them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest
from common import clock, limits
from common.errors import DomainError, NotAllowed, NotFound
from common.limits import limited
from storefront.sending import permissions, selectors
from storefront.sending.forms import CodeForm, DeviceForm
from storefront.sending.services import devices as services


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("device")
def devices(request: PersonRequest) -> HttpResponse:
    """Show the devices and deliveries, and add a device."""
    permissions.require_member(request.user)
    form = DeviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _count_code(request, form.cleaned_data["address"])
        try:
            device = services.add(actor=request.user, **form.cleaned_data, at=clock.now())
        except NotAllowed:
            raise
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            if device.confirmed_at is None:
                messages.info(request, _("We have sent a document with a code to the device. Enter the code here."))
            else:
                messages.success(request, _("“%(device)s” is ready.") % {"device": device})
            return redirect("sending:devices")
    context = {
        "page": selectors.page_of(request.user),
        "form": form,
        "code_form": CodeForm(),
        "sender": selectors.sender_address(),
        "page_address": selectors.screen_address(),
    }
    return render(request, "sending/devices.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
@limited("device")
def confirm(request: PersonRequest, device_id: str) -> HttpResponse:
    """Confirm a device by the code that it shows."""
    form = CodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""

    def confirmed() -> None:
        services.confirm(actor=request.user, device_id=device_id, code=code, at=clock.now())

    return _tried(request, confirmed, _("The device is confirmed. You can send books to it now."))


@login_required
@require_POST
@limited("device")
def again(request: PersonRequest, device_id: str) -> HttpResponse:
    """Send the device another code."""
    device = selectors.devices_of(request.user).filter(public_id=device_id).first()
    if device is None:
        raise NotFound
    _count_code(request, device.address)

    def sent() -> None:
        services.send_new_code(actor=request.user, device_id=device_id, at=clock.now())

    return _tried(request, sent, _("A new code is on its way. Older ones no longer work."))


@login_required
@require_POST
@limited("device")
def purchases(request: PersonRequest, device_id: str) -> HttpResponse:
    """Have everything that the person buys sent to the device, or no longer."""
    wanted = request.POST.get("wanted") == "1"

    def saved() -> None:
        services.set_purchases(actor=request.user, device_id=device_id, wanted=wanted)

    said = _("Books you buy are sent there from now on.") if wanted else _("Books you buy are no longer sent there.")
    return _tried(request, saved, said)


@login_required
@require_POST
@limited("device")
def remove(request: PersonRequest, device_id: str) -> HttpResponse:
    """Forget the device."""

    def removed() -> None:
        services.remove(actor=request.user, device_id=device_id)

    return _tried(request, removed, _("The device has been removed. Books on it stay there."))


def _count_code(request: PersonRequest, address: str) -> None:
    """Count a code against the address it goes to, whoever asks: its owner may be somebody else.

    Raises TooManyRequests.
    """
    limits.consume(request, "device_address", key=address.strip().lower())


def _tried(request: PersonRequest, act: Callable[[], None], done: str) -> HttpResponse:
    """Do it, and say on the page of devices what came of it."""
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except DomainError as problem:
        messages.error(request, problem.text)
    else:
        messages.success(request, done)
    return redirect("sending:devices")
