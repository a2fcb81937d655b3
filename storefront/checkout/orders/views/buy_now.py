"""One book, bought without the cart: from its page, or from the end of its sample, to the payment page in one step."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import regions
from accounts.models import User
from accounts.region_forms import CountryForm
from accounts.requests import VisitorRequest
from accounts.views.countries import country_of
from common import limits
from common.errors import DomainError
from common.money import Money
from payments.pay_methods import ways_to_pay
from storefront.catalogue.forms import AmountForm
from storefront.catalogue.models import Listing
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import direct_purchases
from storefront.checkout.cart.services.direct_purchases import DirectPurchase
from storefront.checkout.cart.views.expired_sessions import recover_session
from storefront.checkout.cart.views.request_cart import SESSION_KEY, cart_of, person_of
from storefront.checkout.cart.views.share_codes import share_code_of
from storefront.checkout.errors import AlreadyOwned, NotSoldIn, QuoteChanged, WrongNumberOfCopies
from storefront.checkout.models import Landing
from storefront.checkout.orders.forms import PayForm
from storefront.checkout.orders.views import paying, price_changes


@never_cache
@require_http_methods(["GET", "POST"])
@recover_session
def buy(request: VisitorRequest, slug: str) -> HttpResponse:
    """Show the book with its whole price, and ask for country, email address and consent; then go to the provider's
    page. What is in the cart stays there."""
    book = get_object_or_404(Listing.objects.on_sale(), slug=slug)
    if book.release_date is not None:  # to be pre-ordered, which the cart does
        return redirect("pages:book", slug)
    try:
        return _page(request, book)
    except QuoteChanged as changed:
        messages.warning(request, changed.text)
        return redirect(request.get_full_path())
    except AlreadyOwned:
        return redirect("pages:book", slug)
    except NotSoldIn as barred:
        return _refused(request, book, barred.text, form=CountryForm())
    except limits.TooManyRequests:
        raise
    except DomainError as problem:
        return _refused(request, book, problem.text)


def _refused(request: VisitorRequest, book: Listing, problem: str, *, form: CountryForm | None = None) -> HttpResponse:
    """Say why the book cannot be bought like this; the book's page, which caches keep, shows no messages."""
    asked = _asked(request)
    context = {"book": book, "problem": problem, "form": form, "asked": asked, "asks_copies": "copies" in asked}
    context |= {name: asked.get(name, "") for name in ("copies", "amount")}
    context["most_copies"] = direct_purchases.MAX_COPIES
    is_price_asked = request.method == "GET" and form is not None
    return render(request, "checkout/buy_refused.html", context, status=200 if is_price_asked else 422)


def _page(request: VisitorRequest, book: Listing) -> HttpResponse:
    person = person_of(request)
    buyer, here = person or _guest(request), request.get_full_path()
    purchase, problem = _purchase(request, book.slug)
    if problem:
        return _refused(request, book, problem)
    offer, country = direct_purchases.offer_of(purchase), country_of(request, person)
    form = PayForm(request.POST, is_guest=person is None, page=here) if request.method == "POST" else None
    if form is not None and form.is_valid():
        answer = paying.pay(request, form, person=person, cart=offer, buyer=buyer, purchase=purchase)
        if answer is not None:
            return answer
    quote, had = paying.quote_for(form, buyer, offer, country)
    form = form or PayForm(
        is_guest=person is None,
        page=here,
        initial={
            "country": country,
            "email": buyer.mail_to if buyer is not None and not had else "",
            "needs_consent": str(quote.needs_consent),
        },
    )
    context = {
        "book": book,
        "form": form,
        "quote": quote,
        "person": person,
        "had": had,
        "here": here,
        "asked": _asked(request),
        "copies": purchase.copies,
        "each": quote.lines[0].paid,
        "most_copies": direct_purchases.MAX_COPIES,
        "amount": quote.lines[0].paid.decimal if offer.page.items[0].least is not None else "",
        "ways": ways_to_pay(country=quote.country, currency=quote.total.currency),
        "cart_id": request.session.get(SESSION_KEY, "") if person is None else "",
        "shown_prices": price_changes.prices_of(quote),
    }
    return render(request, "checkout/buy.html", context, status=422 if form.errors else 200)


def _guest(request: VisitorRequest) -> User | None:
    """Return the guest as whom a visitor without an account last bought."""
    cart = cart_of(request)
    return cart_selectors.buyer_of(cart) if cart is not None else None


def _purchase(request: VisitorRequest, slug: str) -> tuple[DirectPurchase, str]:
    """Return what the page is asked to sell, and what is wrong with the amount, "" if nothing is."""
    asked = _asked(request)
    currency = asked.get("currency", "")
    if currency not in settings.CURRENCIES:
        currency = regions.current().currency
    chosen, problem = _chosen(asked["amount"], currency) if "amount" in asked else (None, "")
    copies = _copies(asked)
    landing = Landing.COPIES if copies else Landing.PLAIN if asked.get("from") == "plain" else Landing.BOOK
    return DirectPurchase(slug, currency, landing, chosen, share_code_of(request), copies), problem


def _copies(asked: dict[str, str]) -> int:
    """Return how many copies to hand out are asked for; 0 for a book for oneself. Raises WrongNumberOfCopies."""
    if "copies" not in asked:
        return 0
    text = asked["copies"].strip()
    number = int(text) if text.isascii() and text.isdecimal() else 0
    if not number:
        raise WrongNumberOfCopies(most=direct_purchases.MAX_COPIES)
    return number


def _asked(request: VisitorRequest) -> dict[str, str]:
    """Return what the book's page, or the end of the sample, has asked for; the page's own form sends it again."""
    sent = request.POST if request.method == "POST" else request.GET
    asked = {name: sent[name][:40] for name in ("currency", "amount", "from") if sent.get(name)}
    if "copies" in sent:  # an empty field, too: it is no purchase for oneself
        asked["copies"] = sent["copies"][:40]
    via = share_code_of(request)
    return asked | {"via": via} if via else asked


def _chosen(text: str, currency: str) -> tuple[Money | None, str]:
    form = AmountForm({"amount": text}, currency=currency)
    return (form.chosen, "") if form.is_valid() else (None, form.problem)
