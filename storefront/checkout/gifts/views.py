"""The page behind a gift's link. Anyone with the link sees the gift; someone who is logged in may redeem or exchange
it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import permissions as account_permissions
from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.errors import DomainError, HiddenPage, NotFound
from common.limits import limited
from publishing.models import Edition
from storefront.checkout import permissions
from storefront.checkout.entitlements.services import deferred_lines
from storefront.checkout.gifts import selectors as gift_selectors
from storefront.checkout.gifts.forms import RedeemForm
from storefront.checkout.gifts.services import gifts as gift_services
from storefront.checkout.models import Gift


@never_cache
@require_http_methods(["GET", "POST"])
@limited("gift")
def gift(request: VisitorRequest, token: str) -> HttpResponse:
    """Show the gift, its giver and message, and the button that adds it to the library."""
    found = _gift(token)
    form = None
    if isinstance(request.user, User):
        form = RedeemForm(request.POST or None, initial={"country": request.user.country}, is_copy=found.is_copy)
        if request.method == "POST" and form.is_valid():
            try:
                gift_services.redeem(
                    actor=request.user,
                    token=token,
                    country=form.cleaned_data["country"],
                    has_consented=form.cleaned_data["consent"],
                    at=clock.database_now(),
                    shows_opener=form.cleaned_data.get("shows_opener", False),
                )
            except DomainError as problem:
                form.add_error(None, problem.text)
            else:
                messages.success(request, _("The book is yours. Read it here, or download it."))
                return redirect("library:books")
    context = {
        "gift": found,
        "line": found.line,
        "form": form,
        "token": token,
        "is_open": _is_open(found),
        "is_held": permissions.is_held_by_bank(found.line.order),
    }
    return render(request, "checkout/gift.html", context, status=422 if form is not None and form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@limited("gift")
def swap(request: PersonRequest, token: str) -> HttpResponse:
    """Show other books of the same price, and exchange the gift for one."""
    found = _gift(token)
    if request.method == "POST":
        asked = get_object_or_404(Edition, pk=_number(request.POST.get("edition", "")))
        # The next edition may have come out while the list was open.
        edition = Edition.objects.on_sale().filter(work=asked.work_id).first() or asked
        try:
            gift_services.exchange(actor=request.user, token=token, edition=edition, at=clock.database_now())
        except DomainError as problem:
            messages.warning(request, problem.text)
        else:
            messages.success(request, _("You have exchanged your gift for this book."))
        return redirect("checkout:gift", token)
    query = request.GET.get("q", "").strip()[:100]
    books = gift_selectors.books_instead(found, query=query) if _is_open(found) else []
    context = {"gift": found, "line": found.line, "books": books, "query": query, "token": token}
    return render(request, "checkout/gift_swap.html", context)


@login_required
@never_cache
@require_GET
def open_gifts(request: PersonRequest) -> HttpResponse:
    """Show finance the unredeemed gifts, whose money is deferred."""
    if not account_permissions.may_read_finance(request.user):
        raise HiddenPage
    rows = list(gift_selectors.open_gifts()[:500])
    totals: dict[str, int] = {}
    for row in rows:
        currency = row.line.order.currency
        totals[currency] = totals.get(currency, 0) + row.line.paid_minor
    return render(request, "checkout/open_gifts.html", {"gifts": rows, "totals": sorted(totals.items())})


def _gift(token: str) -> Gift:
    found = gift_selectors.gift_by_token(token)
    if found is None:
        raise NotFound
    return found


def _is_open(gift: Gift) -> bool:
    return gift.is_open and not deferred_lines.has_refund(gift.line)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
