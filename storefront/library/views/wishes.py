"""Wishing for books: the list, and what is told of it."""

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
from common.guards import ForeignRequest, is_from_here
from storefront.catalogue.forms import AmountForm
from storefront.library.errors import NoNeedToWish
from storefront.library.selectors import wishes as wish_selectors
from storefront.library.services import follows as follow_services
from storefront.library.services import wishes as wish_services

# What somebody wished for who had to log in first.
_SESSION_KEY = "wish"


@csrf_exempt
@never_cache
@require_POST
def add(request: VisitorRequest) -> HttpResponse:
    """Wish for a book, from its cached page; whoever is not signed in does so first, and finds the wish then."""
    if not is_from_here(request):
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
    """The person's wishes, each with its price then and now."""
    slug = request.session.pop(_SESSION_KEY, "")
    try:
        if slug:
            _wish(request, request.user, slug)
    except NotFound:
        messages.info(request, _("This book is not in the shop any more."))
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
    """Take a book off the list; the next page offers to put it back."""
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
    """Wait for a certain price, or (without an amount) for any lower one."""
    wish = wish_selectors.wish_of(user=request.user, work_id=work_id)
    amount = None
    if request.POST.get("amount", "").strip():
        form = AmountForm(request.POST, currency=wish.currency)
        if not form.is_valid():
            messages.warning(request, form.problem)
            return redirect("library:wishlist")
        amount = form.chosen.amount_minor
    is_so = wish_services.choose_below(actor=request.user, work_id=work_id, amount_minor=amount)
    if amount is None or not is_so:  # else the page says it beside the book
        messages.success(request, _("We will tell you."))
    return redirect("library:wishlist")


@login_required
@never_cache
@require_POST
def alerts(request: PersonRequest) -> HttpResponse:
    """Have mails about the list, or none."""
    follow_services.choose_price_alerts(actor=request.user, wants=request.POST.get("mail") == "on")
    return redirect("library:wishlist")


def _wish(request: VisitorRequest | PersonRequest, user: User, slug: str) -> None:
    """Put the book on the list, and say so; or that it is theirs already."""
    try:
        wish = wish_services.wish_for(actor=user, slug=slug, at=clock.now())
    except NoNeedToWish as owned:
        messages.info(request, owned.text)
    else:
        messages.success(request, _("“%(title)s” is on your list.") % {"title": wish.work.title})
