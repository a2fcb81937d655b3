"""Orders without an account: opening them by link, finding links again, and adding them to an account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest, VisitorRequest
from common import clock, limits
from storefront.checkout.errors import GuestLinkExpired
from storefront.checkout.guests.forms import FindOrdersForm
from storefront.checkout.guests.services import guests as guest_services
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.guests.views import current_readers as browser


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: VisitorRequest, token: str) -> HttpResponse:
    """Redirect from the link in an email to the order's page, whose URL contains no secret.

    An expired link says so, and emails a new one to the address it was emailed to.
    """
    if request.method == "POST":
        return _new_link(request, token)
    try:
        opened = guest_links.open_link(token)
    except GuestLinkExpired as over:
        return render(request, "checkout/link_expired.html", {"days": guest_links.LASTS.days}, status=over.status)
    order = opened.order
    browser.remember_guest(request, order.buyer, claims_until=opened.sent_at + guest_links.CLAIMS_FOR)
    return redirect("pages:order", order.public_id)


def _new_link(request: VisitorRequest, token: str) -> HttpResponse:
    limits.consume(request, "find_orders")
    guest_services.ask_for_new_link(token=token, at=clock.now())
    return render(request, "checkout/link_expired.html", {"is_sent": True})


@never_cache
@require_http_methods(["GET", "POST"])
def find(request: VisitorRequest) -> HttpResponseBase:
    """Send someone's links again. The response is the same for every address."""
    form = FindOrdersForm(request.POST or None)
    is_asked = request.method == "POST" and form.is_valid()
    if is_asked:
        limits.consume(request, "find_orders")
        guest_services.ask_for_links(email=form.cleaned_data["email"], at=clock.now())
    context = {"form": form, "is_asked": is_asked}
    return render(request, "checkout/find_orders.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def claim(request: PersonRequest) -> HttpResponse:
    """Add purchases made without an account to the library of the person who is logged in."""
    guest_id = request.POST.get("guest", "")
    version = browser.claim_version_of(request, guest_id, at=clock.now())  # type: ignore[arg-type]  # a person is a visitor
    guest_services.claim(actor=request.user, guest_id=guest_id, link_version=version, at=clock.now())
    messages.success(request, _("Your order is now in your library. The links we emailed no longer work."))
    return redirect("library:books")


@never_cache
@require_POST
@browser.for_holders
def renew(request: VisitorRequest, holders: object) -> HttpResponseBase:
    """Invalidate every link to a guest's orders, here too, and email new ones to the guest's address."""
    for guest in browser.guests_of(request):
        if guest.public_id == request.POST.get("guest"):
            guest_services.renew_links(guest=guest, at=clock.now())
            messages.success(request, _("The old links no longer work. New ones are on their way by email."))
    return redirect("checkout:find-orders")


@never_cache
@require_POST
def remove_from_browser(request: VisitorRequest) -> HttpResponse:
    """Remove orders without an account from this browser, for computers that others use too."""
    browser.forget_guests(request)
    if not request.user.is_authenticated:
        request.session.flush()
    messages.success(
        request, _("Your order has been removed from this browser. The link in your email opens it again.")
    )
    return redirect("pages:front")
