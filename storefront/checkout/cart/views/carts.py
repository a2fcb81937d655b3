"""The visitor's actions on the cart: adding, removing, choosing a price, coupon codes, gifts."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import regions
from accounts.models import User
from accounts.requests import VisitorRequest
from accounts.views.countries import country_of
from common import clock, limits
from common.errors import DomainError
from common.limits import limited
from common.money import Money
from common.same_origin import ForeignRequest, is_same_origin
from storefront.catalogue.errors import PriceTooHigh
from storefront.catalogue.forms import AmountForm
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.cards import price_of
from storefront.checkout.cart.forms import CodeForm, GiftForm
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors.carts import CartItem, CartPage, GiftWish
from storefront.checkout.cart.services import carts as cart_services
from storefront.checkout.cart.views import cart_messages
from storefront.checkout.cart.views.request_cart import SESSION_KEY, cart_of, count_lines, person_of, remember
from storefront.checkout.cart.views.share_codes import share_code_of
from storefront.checkout.errors import AlreadyOwned, CartCurrencyChanged, PriceBelowMinimum
from storefront.checkout.guests.views.current_readers import owned_works
from storefront.checkout.models import Cart


@csrf_exempt
@never_cache
@require_POST
def add(request: VisitorRequest) -> HttpResponse:
    """Add an edition, a bundle or the rest of a series to the cart; with `then=checkout`, go straight to checkout."""
    if not is_same_origin(request):
        raise ForeignRequest
    limits.consume(request, "cart")
    try:
        cart, not_taken = _add(request, person_of(request), request.session.get(SESSION_KEY, ""))
    except AlreadyOwned as owned:
        return _to_what_is_owned(request, owned)
    except DomainError as problem:
        messages.warning(request, problem.text)
        return redirect("pages:cart")
    remember(request, cart)
    _enter_code(request, cart)
    find, shown = partial(_asked_for, request), request.POST.get("currency", "")
    has_to_choose = cart_messages.show_invalid_amount(
        request, cart, not_taken, find=find
    ) or cart_messages.show_currency_difference(request, cart, shown, chosen=_chosen(request)[0], find=find)
    return redirect("checkout:pay" if request.POST.get("then") == "checkout" and not has_to_choose else "pages:cart")


def _enter_code(request: VisitorRequest, cart: Cart) -> None:
    """Apply the code of the link that led to the book, if there is one; the book stays in the cart in any case."""
    form = CodeForm(request.POST)
    if not request.POST.get("code") or not form.is_valid():
        return
    limits.consume(request, "coupon")
    try:
        cart_services.enter_code(actor=person_of(request), cart=cart, code=form.cleaned_data["code"], at=clock.now())
    except DomainError as problem:
        messages.warning(request, problem.text)


@never_cache
@require_GET
def badge(request: VisitorRequest) -> HttpResponse:
    """Return the number of items in the cart, as a fragment: it is fetched separately so that shop pages are the
    same for everyone."""
    number = count_lines(request)
    return render(request, "checkout/_cart_badge.html", {"number": number})


@never_cache
@require_POST
def remove(request: VisitorRequest) -> HttpResponse:
    found = cart_of(request)
    if found is not None:
        cart_services.remove_line(cart=found, line_id=request.POST.get("line", ""))
    return redirect("pages:cart")


@never_cache
@require_POST
def change_currency(request: VisitorRequest) -> HttpResponse:
    found, currency = cart_of(request), request.POST.get("currency", "")
    if found is not None and currency in settings.CURRENCIES:
        titles = cart_services.set_currency(cart=found, currency=currency, at=clock.now())
        cart_messages.ask_for_amounts(request, titles, currency)
    return redirect("pages:cart")


@never_cache
@require_POST
def choose_price(request: VisitorRequest) -> HttpResponse:
    """Change the amounts for books with an open price; with `then=checkout`, go to checkout."""
    found = cart_of(request)
    if found is None:
        return redirect("pages:cart")
    is_done = save_amounts(request, found)
    return redirect("checkout:pay" if is_done and request.POST.get("then") == "checkout" else "pages:cart")


@never_cache
@require_POST
@limited("coupon")
def code(request: VisitorRequest) -> HttpResponse:
    """Apply a coupon code, or remove it."""
    found, form = cart_of(request), CodeForm(request.POST)
    if found is None:
        return redirect("pages:cart")
    if request.POST.get("act") == "remove":
        cart_services.remove_code(cart=found, at=clock.now())
    elif form.is_valid():
        try:
            cart_services.enter_code(
                actor=person_of(request), cart=found, code=form.cleaned_data["code"], at=clock.now()
            )
        except DomainError as problem:
            messages.warning(request, problem.text)
    return redirect("pages:cart")


@never_cache
@require_http_methods(["GET", "POST"])
@limited("cart")
def gift(request: VisitorRequest, slug: str) -> HttpResponse:
    """Give a book: to whom, when, and with which message."""
    listing = get_object_or_404(Listing.objects.on_sale(), slug=slug)
    form = GiftForm(request.POST or None)
    price = price_of(listing)
    currency = price.currency if price is not None else regions.current().currency
    if request.method == "POST" and form.is_valid():
        try:
            found = cart_services.add_gift(
                actor=person_of(request),
                cart_id=request.session.get(SESSION_KEY, ""),
                edition_id=listing.details.edition,
                currency=currency,
                wish=GiftWish(
                    form.cleaned_data["recipient"], form.cleaned_data["message"], form.cleaned_data["deliver_on"]
                ),
                at=clock.now(),
            )
        except DomainError as problem:
            form.add_error(None, problem.text)
        else:
            remember(request, found)
            cart_messages.show_currency_difference(request, found, currency, find=partial(_gift_of, slug=slug))
            return redirect("pages:cart")
    status = 422 if form.errors else 200
    return render(request, "checkout/give_gift.html", {"form": form, "book": listing}, status=status)


def save_amounts(request: VisitorRequest, cart: Cart) -> bool:
    """Save the amounts in the cart's fields and show which are not valid. Return whether all were saved."""
    problems = _choose(request, cart)
    for problem in problems:
        messages.warning(request, problem)
    return not problems


def _choose(request: VisitorRequest, cart: Cart) -> list[str]:
    """Return what is wrong with some of the amounts in the cart's fields, each with its line; the others are saved."""
    amounts: dict[str, int] = {}
    problems: list[str] = []
    for line_id, text in zip(request.POST.getlist("line"), request.POST.getlist("amount"), strict=False):
        form = AmountForm({"amount": text}, currency=cart.currency)
        if form.is_valid():
            amounts[line_id] = form.chosen.amount_minor
        else:
            problems.append(form.problem)
    try:
        refused = cart_services.choose_prices(cart=cart, currency=request.POST.get("currency", ""), amounts=amounts)
    except CartCurrencyChanged as changed:
        return [changed.text]
    return problems + [problem.text for problem in refused]


def _to_what_is_owned(request: VisitorRequest, owned: AlreadyOwned) -> HttpResponse:
    """Redirect to what the reader already has: a single book's own page, or the library for several books."""
    listing = Listing.objects.on_sale().filter(details__edition=request.POST.get("edition", "")[:40]).first()
    if listing is not None and owned_works(request, [listing.work_id]):
        return redirect("pages:book", listing.slug)
    messages.info(request, owned.text)
    return redirect("library:books" if person_of(request) is not None else "pages:cart")


def _add(request: VisitorRequest, user: User | None, cart_id: str) -> tuple[Cart, str]:
    """Return the cart with the item that the form adds, and why the amount in the form was not accepted, "" if it
    was."""
    currency = request.POST.get("currency") or regions.current().currency
    country = regions.current().country or country_of(request, user)
    if "bundle" in request.POST:
        return cart_services.add_bundle(
            actor=user, cart_id=cart_id, slug=request.POST["bundle"], currency=currency, at=clock.now(), country=country
        ), ""
    if "series" in request.POST:
        return cart_services.add_series(
            actor=user,
            cart_id=cart_id,
            slug=request.POST["series"],
            currency=currency,
            at=clock.now(),
            country=country,
        ), ""
    put_in = partial(
        cart_services.add_edition,
        actor=user,
        cart_id=cart_id,
        edition_id=request.POST.get("edition", ""),
        currency=currency,
        at=clock.now(),
        country=country,
        via=share_code_of(request),
    )
    chosen, problem = _chosen(request)
    try:
        return put_in(chosen=chosen), problem
    except (PriceBelowMinimum, PriceTooHigh) as refused:  # the book is added all the same
        return put_in(), refused.text


def _chosen(request: VisitorRequest) -> tuple[Money | None, str]:
    """Return the amount in a book page's field; or None, and why it cannot be read."""
    if "amount" not in request.POST:
        return None, ""
    currency = request.POST.get("currency", "")
    form = AmountForm(
        request.POST, currency=currency if currency in settings.CURRENCIES else regions.current().currency
    )
    return (form.chosen, "") if form.is_valid() else (None, form.problem)


def _asked_for(request: VisitorRequest, page: CartPage) -> CartItem | None:
    """Return the item that the form added."""
    if "bundle" in request.POST:
        return next((item for item in page.items if item.bundle and item.slug == request.POST["bundle"]), None)
    if "series" in request.POST:
        return next((item for item in page.items if item.series and item.slug == request.POST["series"]), None)
    return cart_selectors.item_of(page, request.POST.get("edition", ""))


def _gift_of(page: CartPage, slug: str) -> CartItem | None:
    return next((item for item in page.items if item.gift is not None and item.slug == slug), None)
