"""Work waiting for finance when the demonstration opens: one of everything that needs a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import User
from common import clock
from common.money import Money
from demo.people import LOGINS
from demo.shop import Shop, finance_people
from payments.rails.beneficiaries import beneficiary
from royalties.models import ManualKind, TaxForm
from royalties.services import bank_details, corrections, plans, reserves, tax_forms
from royalties.services.tax_forms import SignedForm
from storefront.checkout.disputes.services import fraud
from storefront.checkout.models import Order, OrderState
from storefront.checkout.refunds import services as refunds

# Keys in demo/content/catalogue.yaml.
_BY_BANK, _ON_PLAN, _UNDER_RULE, _TO_BE_CORRECTED = "korbinian-haas", "devika-pillai", "tom-wray", "oriane-castel"
_IBAN = "DE89370400440532013000"  # the usual sample IBAN
_PLAN = "studio"


def choose_plan(authors: Mapping[str, User], opened: datetime) -> None:
    """Put one author on another plan from the shop's second month on."""
    plans.choose_plan(actor=authors[_ON_PLAN], code=_PLAN, currency="GBP", at=opened)


def fill_desk(shop: Shop, authors: Mapping[str, User], now: datetime) -> None:
    """Create an open dispute, a fraud warning, a refund to decide, a reserve rule, a correction to approve, a tax form
    to check, and an author who is paid by bank transfer. Without enough orders, what would need them is left out.
    """
    with clock.frozen(now - timedelta(days=1)):
        _of_orders(shop, clock.now())
        _of_authors(authors, clock.now())
    shop.work_off()


def _of_orders(shop: Shop, at: datetime) -> None:
    """Use three orders, each for one thing: a disputed payment is not refunded as well."""
    recent = Order.objects.filter(state=OrderState.PAID, total_minor__gt=0, lines__refunds=None, payments__refunds=None)
    orders = list(recent.distinct().order_by("-paid_at", "-pk"))
    large = next((order for order in orders if _waits_for_finance(order)), None)
    if large is not None:
        orders.remove(large)
        warning = shop.warn_of_fraud(large)
        fraud.decide_warning(actor=finance_people()[0], warning=warning, gives_back=False, at=at)
    if orders:
        shop.dispute(orders.pop(0), "product_not_received")
    if orders:
        operator = User.objects.get(email=next(login.email for login in LOGINS if "is_operator" in login.flags))
        line = orders[0].lines.filter(paid_minor__gt=0).order_by("pk").first()
        if line is not None:
            refunds.propose_refund(actor=operator, line=line, amount=None, reason="Bought twice by mistake", at=at)


def _waits_for_finance(order: Order) -> bool:
    """Return whether finance decides a warning about the order: smaller payments are refunded automatically."""
    limit: int = settings.FRAUD_REFUND_LIMITS_MINOR.get(order.currency, 0)
    return order.total_minor > limit


def _of_authors(authors: Mapping[str, User], at: datetime) -> None:
    first, _ = finance_people()
    reserves.impose(
        actor=first,
        user=authors[_UNDER_RULE],
        rate_bps=1000,
        days=30,
        reason="Several payments were disputed this month; we keep a tenth until they are decided.",
        until=at + timedelta(days=90),
        at=at,
    )
    corrections.propose(
        actor=first,
        kind=ManualKind.ADJUSTMENT,
        user=authors[_TO_BE_CORRECTED],
        amount=Money(1200, "EUR"),
        reason="A sale of March was quoted with the old terms.",
        at=at,
    )
    author = authors[_BY_BANK]
    to = beneficiary(holder=author.display_name, country=author.country, iban_text=_IBAN)
    bank_details.use_bank(actor=author, beneficiary=to, at=at)
    signed = SignedForm(
        form=TaxForm.W8BEN,
        name=author.display_name,
        country=author.country,
        claims_treaty=True,
        has_taxpayer_number=True,
        signature=author.display_name,
        signed_on=at.date(),
    )
    tax_forms.hand_in(actor=author, signed=signed, at=at)
