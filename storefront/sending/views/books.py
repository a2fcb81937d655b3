"""The page that sends one book: to a device, or to an e-reader that shows a code."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from common.limits import limited
from storefront.sending import permissions, selectors
from storefront.sending.forms import CodeForm, SendForm
from storefront.sending.services import deliveries, pick_ups


@login_required
@never_cache
@require_safe
def book(request: PersonRequest, work_id: str) -> HttpResponse:
    """Offer the ways to get one book onto a device."""
    permissions.require_member(request.user)
    return _page(request, work_id, CodeForm())


@login_required
@never_cache
@require_POST
@limited("send_book")
def send(request: PersonRequest, work_id: str) -> HttpResponse:
    """Send the book to a device."""
    form = SendForm(request.POST)
    if not form.is_valid():
        raise NotFound
    device_id = form.cleaned_data["device"]
    token = form.sent_token(device_id, work_id)
    try:
        delivery = deliveries.send_book(
            actor=request.user, device_id=device_id, work_id=work_id, token=token, at=clock.now()
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as problem:
        messages.error(request, problem.text)
        return redirect("sending:book", work_id)
    messages.success(request, _("The book is on its way to “%(device)s”.") % {"device": delivery.device})
    return redirect("sending:devices")


@login_required
@never_cache
@require_POST
@limited("screen_code")
def give(request: PersonRequest, work_id: str) -> HttpResponse:
    """Give the book to the e-reader that shows the code."""
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            pick_ups.give(actor=request.user, code=form.cleaned_data["code"], work_id=work_id, at=clock.now())
        except (NotAllowed, NotFound):
            raise
        except DomainError as problem:
            form.add_error("code", problem.text)
        else:
            messages.success(request, _("Your e-reader shows the book within some seconds. Download it there."))
            return redirect("sending:book", work_id)
    return _page(request, work_id, form)


def _page(request: PersonRequest, work_id: str, form: CodeForm) -> HttpResponse:
    context = {
        "work": selectors.work_to_send(request.user, work_id),
        "devices": list(selectors.devices_of(request.user)),
        "form": form,
        "send_form": SendForm(),
        "page_address": selectors.screen_address(),
    }
    return render(request, "sending/book.html", context, status=422 if form.errors else 200)
