"""The wish list and its email settings."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock, limits
from common.errors import NotFound
from common.same_origin import ForeignRequest, is_same_origin
from storefront.catalogue.forms import AmountForm
from storefront.library.errors import AlreadyOwnedWish
from storefront.library.selectors import wishlists as wish_selectors
from storefront.library.services import follows as follow_services
from storefront.library.services import wishlists as wish_services

# The book a visitor added before logging in.
_SESSION_KEY = "wish"


@csrf_exempt
@never_cache
@require_POST
def add(request: VisitorRequest) -> HttpResponse:
    """Add a book to the wish list, from its cached page. Visitors log in first; the book is added afterwards."""
    if not is_same_origin(request):
        raise ForeignRequest
    limits.consume(request, "mark")
    slug = request.POST.get("book", "")[:120]
    if isinstance(request.user, User):
        _wish(request, request.user, slug)
        return redirect("library:wishlist")
    request.session[_SESSION_KEY] = slug
    return redirect_to_login(reverse("library:wishlist"))


@login_required
@never_cache
@require_GET
def wishlist(request: PersonRequest) -> HttpResponse:
    """Show the person's wish list, each book with its price then and now."""
    slug = request.session.pop(_SESSION_KEY, "")
    try:
        if slug:
            _wish(request, request.user, slug)
    except NotFound:
        messages.info(request, _("This book is no longer in the shop."))
    context = {
        "wishes": wish_selectors.wishlist_of(request.user),
        "removed": wish_selectors.removed_wish(user=request.user, work_id=request.GET.get("removed", "")),
        "wants_alerts": wish_selectors.wants_price_alerts(request.user),
    }
    return render(request, "library/wishlist.html", context)


@login_required
@never_cache
@require_POST
def remove(request: PersonRequest) -> HttpResponse:
    """Remove a book from the list; the next page offers to undo that."""
    work_id = request.POST.get("work", "")[:40]
    wish_services.remove(actor=request.user, work_id=work_id, at=clock.now())
    is_there = wish_selectors.removed_wish(user=request.user, work_id=work_id) is not None
    return redirect(reverse("library:wishlist") + (f"?removed={work_id}" if is_there else ""))


@login_required
@never_cache
@require_POST
def put_back(request: PersonRequest) -> HttpResponse:
    wish_services.put_back(actor=request.user, work_id=request.POST.get("work", ""))
    return redirect("library:wishlist")


@login_required
@never_cache
@require_POST
def below(request: PersonRequest, work_id: str) -> HttpResponse:
    """Set the price for an alert; without an amount, any lower price."""
    wish = wish_selectors.wish_of(user=request.user, work_id=work_id)
    amount = None
    if request.POST.get("amount", "").strip():
        form = AmountForm(request.POST, currency=wish.currency)
        if not form.is_valid():
            messages.warning(request, form.problem)
            return redirect("library:wishlist")
        amount = form.chosen.amount_minor
    is_so = wish_services.set_alert_price(actor=request.user, work_id=work_id, amount_minor=amount)
    if amount is None or not is_so:  # else the page says it beside the book
        messages.success(request, _("Your price alert has been saved."))
    return redirect("library:wishlist")


@login_required
@never_cache
@require_POST
def alerts(request: PersonRequest) -> HttpResponse:
    """Turn emails about the list on or off."""
    follow_services.choose_price_alerts(actor=request.user, wants=request.POST.get("mail") == "on")
    return redirect("library:wishlist")


def _wish(request: VisitorRequest | PersonRequest, user: User, slug: str) -> None:
    """Add the book to the list and show a message; if they already own it, say so."""
    try:
        wish = wish_services.add_wish(actor=user, slug=slug, at=clock.now())
    except AlreadyOwnedWish as owned:
        messages.info(request, owned.text)
    else:
        messages.success(request, _("“%(title)s” is on your wish list.") % {"title": wish.work.title})
